package io.alexstore.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The jar that users put beside Spark, as it was packaged: it must not bring a class that Spark or
 * the user may have in another version.
 */
class ShadedJarIT {

  private static final String SERVICES = "META-INF/services/";

  private JarFile jar;

  @BeforeEach
  void open() throws IOException {
    String path = System.getProperty("alexstore.jar");
    assertThat(path).as("system property alexstore.jar, which the pom sets").isNotNull();
    jar = new JarFile(Path.of(path).toFile());
  }

  @AfterEach
  void close() throws IOException {
    jar.close();
  }

  @Test
  void holdsTheEngine() {
    assertThat(names()).contains("io/alexstore/error/AlexStoreException.class");
  }

  @Test
  void holdsNoClassOfOthersUnderTheirName() {
    assertThat(names())
        .filteredOn(name -> !name.endsWith("/"))
        .allMatch(name -> name.startsWith("io/alexstore/") || name.startsWith("META-INF/"))
        .noneMatch(name -> name.startsWith("META-INF/") && name.endsWith(".class"));
  }

  @Test
  void holdsEveryServiceThatItNames() {
    List<String> classes =
        names().stream()
            .filter(name -> name.startsWith(SERVICES) && !name.endsWith("/"))
            .flatMap(name -> lines(name).stream())
            .map(line -> line.replaceFirst("#.*", "").strip())
            .filter(line -> !line.isEmpty())
            .map(line -> line.replace('.', '/') + ".class")
            .toList();
    assertThat(names()).containsAll(classes);
  }

  private List<String> names() {
    return jar.stream().map(ZipEntry::getName).toList();
  }

  private List<String> lines(String name) {
    try (var in = jar.getInputStream(jar.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
