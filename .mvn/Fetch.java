import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;

/**
 * Downloads a file and checks its SHA-512, with nothing but a JDK: {@code java Fetch.java URL FILE
 * SHA512}. Takes {@code https}, {@code http} and {@code file} addresses.
 */
final class Fetch {
  private static final int ATTEMPTS = 3;

  private Fetch() {}

  public static void main(String[] args) throws Exception {
    if (args.length != 3) {
      fail("usage: java Fetch.java URL FILE SHA512");
    }
    URI from = URI.create(args[0]);
    Path to = Path.of(args[1]);
    MessageDigest digest = MessageDigest.getInstance("SHA-512");
    for (int attempt = 1; ; attempt++) {
      digest.reset();
      try (InputStream in = open(from);
          var out = new DigestOutputStream(Files.newOutputStream(to), digest)) {
        in.transferTo(out);
        break;
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          fail("cannot download " + from + ": " + e);
        }
      }
    }
    String sum = HexFormat.of().formatHex(digest.digest());
    if (!sum.equals(args[2])) {
      Files.delete(to);
      fail(from + " is not the file that was pinned: its SHA-512 is " + sum + ", not " + args[2]);
    }
  }

  private static InputStream open(URI from) throws IOException, InterruptedException {
    if ("file".equals(from.getScheme())) {
      return Files.newInputStream(Path.of(from));
    }
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(30))
            .build();
    HttpResponse<InputStream> response =
        client.send(HttpRequest.newBuilder(from).build(), HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      response.body().close();
      throw new IOException("HTTP status " + response.statusCode());
    }
    return response.body();
  }

  private static void fail(String message) {
    System.err.println("mvnw: " + message);
    System.exit(1);
  }
}
