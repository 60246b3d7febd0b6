package io.alexstore.io;

import io.alexstore.error.AlexStoreException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the store of a path by its URI scheme. */
public final class FileStores {

  private static final Pattern SCHEME =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):.*", Pattern.DOTALL);

  private FileStores() {}

  /** Loaded when a path first has a scheme other than {@code file}. */
  private static final class Providers {
    static final Map<String, FileStoreProvider> BY_SCHEME = load();

    private static Map<String, FileStoreProvider> load() {
      Map<String, FileStoreProvider> providers = new TreeMap<>();
      // The loader of this class sees the providers that were packaged with it; the context loader
      // of whichever thread asks first may not.
      for (FileStoreProvider provider :
          ServiceLoader.load(FileStoreProvider.class, FileStores.class.getClassLoader())) {
        provider.schemes().forEach(scheme -> providers.putIfAbsent(scheme, provider));
      }
      return providers;
    }
  }

  /**
   * The store that a path lies in. A path without a scheme, and one that starts with {@code file:},
   * is local.
   *
   * @throws AlexStoreException if no store serves the path's scheme
   */
  public static FileStore forPath(String path) {
    String scheme = scheme(path);
    if (scheme.isEmpty() || scheme.equals("file")) {
      return LocalFileStore.INSTANCE;
    }
    FileStoreProvider provider = Providers.BY_SCHEME.get(scheme);
    if (provider == null) {
      throw new AlexStoreException(
          "Cannot open "
              + path
              + ": no file store for the scheme '"
              + scheme
              + "'. Supported are "
              + supported()
              + ". A local path with a colon in it is written as ./"
              + path
              + " or as an absolute path.");
    }
    return provider.forPath(path);
  }

  /** The path's URI scheme in lower case; empty if it has none. */
  static String scheme(String path) {
    Matcher matcher = SCHEME.matcher(path);
    return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
  }

  private static String supported() {
    List<String> schemes = List.copyOf(Providers.BY_SCHEME.keySet());
    return "local paths, file:"
        + (schemes.isEmpty() ? "" : ", " + String.join(":, ", schemes) + ":");
  }
}
