package dev.slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

class InfraTest {
    @Test
    void a_mode_is_read_in_any_case() {
        assertThat(Mode.parse("embedded")).isEqualTo(Mode.EMBEDDED);
        assertThat(Mode.parse(" Docker ")).isEqualTo(Mode.DOCKER);
        assertThat(Mode.parse(Mode.EXTERNAL.toString())).isEqualTo(Mode.EXTERNAL);
    }

    @Test
    void an_unknown_mode_is_answered_with_the_known_ones() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mode.parse("podman"))
                .withMessage("SLIPWAY_INFRA=podman is unknown; it is one of embedded, docker, external");
    }

    @Test
    void external_infrastructure_is_not_started_but_asked_for() {
        var infra = new Infra(Mode.EXTERNAL, InfraOptions.ephemeral());

        assertThatExceptionOfType(InfraException.class)
                .isThrownBy(infra::postgres)
                .withMessageContaining("postgres.url");
    }

    @Test
    void without_a_docker_engine_the_message_names_the_way_out() {
        assumeFalse(DockerClientFactory.instance().isDockerAvailable());
        var infra = new Infra(Mode.DOCKER, InfraOptions.ephemeral());

        assertThatExceptionOfType(InfraException.class)
                .isThrownBy(infra::postgres)
                .withMessageContaining("needs a running Docker engine")
                .withMessageContaining("SLIPWAY_INFRA=embedded");
    }

    @Test
    void the_cache_folder_of_the_user_comes_first(@TempDir Path folder) {
        Path xdg = folder.resolve("xdg");

        assertThat(Home.choose(Map.of("XDG_CACHE_HOME", xdg.toString()), folder, false))
                .isEqualTo(xdg.resolve("slipway/infra"));
        assertThat(Home.choose(Map.of("XDG_CACHE_HOME", "relative"), folder, false))
                .isEqualTo(folder.resolve(".cache/slipway/infra"));
        assertThat(Home.choose(Map.of(), folder, false)).isEqualTo(folder.resolve(".cache/slipway/infra"));
    }

    @Test
    void a_folder_that_is_closed_to_others_is_passed_over_where_the_server_runs_as_another(@TempDir Path folder)
            throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));

        assertThat(Home.choose(Map.of(), folder, true)).isNotEqualTo(folder.resolve(".cache/slipway/infra"));
    }

    @Test
    void a_folder_that_cannot_be_made_is_passed_over(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(Home.choose(Map.of("XDG_CACHE_HOME", file.toString()), folder, false))
                .isEqualTo(folder.resolve(".cache/slipway/infra"));
    }

    @Test
    void data_are_kept_in_the_folder_that_was_named(@TempDir Path folder) {
        assertThat(InfraOptions.kept(folder.resolve("a/../data")).keep()).isEqualTo(folder.resolve("data"));
        assertThat(InfraOptions.ephemeral().keep()).isNull();
    }
}
