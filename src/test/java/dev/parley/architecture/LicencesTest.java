package dev.parley.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whoever ships Parley ships its libraries; none of them may ask for the application's source, or say nothing.
class LicencesTest {

    @Test
    void everyLibraryHasALicenceThatAsksForNothing() {
        var libraries = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .map(Path::of)
                .filter(Licences::hasPom)
                .toList();

        assertThat(libraries).hasSizeGreaterThan(100).allSatisfy(library -> assertThat(Licences.of(library))
                .as(library.toString())
                .anyMatch(Licences::isPermissive));
    }

    @Test
    void licencesAreToldApart() {
        assertThat(List.of("Apache-2.0", "The MIT License", "GPL2 w/ CPE", "EPL 2.0"))
                .allMatch(Licences::isPermissive);
        assertThat(List.of("GPL-3.0", "GNU Affero General Public License", "LGPL-2.1", "SSPL", "BUSL-1.1"))
                .noneMatch(Licences::isPermissive);
    }
}
