package io.alexstore.io;

import java.util.UUID;

/** Paths as strings, and the names of files that are not (yet) part of a table. */
public final class FilePaths {

  /** What the name of every temporary file starts with. */
  public static final String TEMPORARY_PREFIX = ".tmp-";

  private FilePaths() {}

  /**
   * The path of {@code name} in {@code directory}. The name may hold several parts, separated by
   * slashes, of letters, digits, dots, hyphens and underscores: such names stand for themselves in
   * a local path and in a URI alike, so it does not matter in which form the directory is.
   *
   * @throws IllegalArgumentException if the name holds another character, or leaves the directory
   */
  public static String resolve(String directory, String name) {
    checkName(directory, name);
    return directory.endsWith("/") ? directory + name : directory + "/" + name;
  }

  private static void checkName(String directory, String name) {
    int part = 0;
    for (int i = 0; i <= name.length(); i++) {
      char c = i == name.length() ? '/' : name.charAt(i);
      if (c == '/') {
        String step = name.substring(part, i);
        if (step.isEmpty() || step.equals(".") || step.equals("..")) {
          throw new IllegalArgumentException(
              "Bad file name '"
                  + name
                  + "' in "
                  + directory
                  + ": the part '"
                  + step
                  + "' names no file inside the directory");
        }
        part = i + 1;
      } else if (!isPlain(c)) {
        throw new IllegalArgumentException(
            "Bad file name '"
                + name
                + "' in "
                + directory
                + ": only letters, digits, '.', '-',"
                + " '_' and '/' may stand in it");
      }
    }
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '-'
        || c == '_';
  }

  /** The last part of a path: what follows its last slash. */
  public static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The directory that a path stands in: "." for a path of one part. */
  public static String parent(String path) {
    int slash = path.lastIndexOf('/');
    if (slash < 0) {
      return ".";
    }
    return slash == 0 ? "/" : path.substring(0, slash);
  }

  /** A fresh temporary name in the directory of {@code path}, from which it can be recognized. */
  public static String temporary(String path) {
    String directory = path.substring(0, path.lastIndexOf('/') + 1);
    return directory + TEMPORARY_PREFIX + UUID.randomUUID() + "-" + name(path);
  }

  /**
   * Whether a name, or a path's last part, is that of a temporary file: never part of a table, and
   * left over if it is old.
   */
  public static boolean isTemporary(String nameOrPath) {
    return name(nameOrPath).startsWith(TEMPORARY_PREFIX);
  }
}
