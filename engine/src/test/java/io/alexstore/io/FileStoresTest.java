package io.alexstore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alexstore.error.AlexStoreException;
import org.junit.jupiter.api.Test;

class FileStoresTest {

  @Test
  void plainPathsAndFileUrisAreLocal() {
    for (String path : new String[] {"/a", "a/b", "./a:b", "file:/a", "file:///a", "/x:/y"}) {
      assertThat(FileStores.forPath(path)).as(path).isSameAs(LocalFileStore.INSTANCE);
    }
  }

  @Test
  void anUnknownSchemeIsRefusedWithThoseThatAreSupported() {
    assertThatThrownBy(() -> FileStores.forPath("gopher://nn/a"))
        .isInstanceOf(AlexStoreException.class)
        .hasMessageContaining("gopher://nn/a")
        .hasMessageContaining("'gopher'")
        .hasMessageContaining("file:");
  }

  @Test
  void resolveTakesPlainNamesOnly() {
    assertThat(FilePaths.resolve("/a", "b")).isEqualTo("/a/b");
    assertThat(FilePaths.resolve("/", "b/c.x_y-z")).isEqualTo("/b/c.x_y-z");
    assertThat(FilePaths.resolve("file:/a%20b/", "c")).isEqualTo("file:/a%20b/c");
    for (String bad :
        new String[] {"", "/b", "b/", "..", "a/../b", ".", "a b", "a%20", "é", "a\\b"}) {
      assertThatThrownBy(() -> FilePaths.resolve("/root", bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("/root");
    }
  }

  @Test
  void namesAndParents() {
    assertThat(FilePaths.name("/a/b")).isEqualTo("b");
    assertThat(FilePaths.name("b")).isEqualTo("b");
    assertThat(FilePaths.parent("/a/b")).isEqualTo("/a");
    assertThat(FilePaths.parent("/b")).isEqualTo("/");
    assertThat(FilePaths.parent("b")).isEqualTo(".");
    String temporary = FilePaths.temporary("/a/b");
    assertThat(temporary)
        .matches("/a/\\.tmp-[0-9a-f-]{36}-b")
        .isNotEqualTo(FilePaths.temporary("/a/b"));
    assertThat(FilePaths.isTemporary(temporary)).isTrue();
    assertThat(FilePaths.isTemporary(FilePaths.name(temporary))).isTrue();
    assertThat(FilePaths.isTemporary("/.tmp-x/b")).isFalse();
    assertThat(FilePaths.isTemporary("b")).isFalse();
  }
}
