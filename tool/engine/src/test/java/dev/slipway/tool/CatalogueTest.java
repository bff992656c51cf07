package dev.slipway.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {

    @TempDir
    private Path home;

    @Test
    void templates_are_found_by_id() {
        var listing = Catalogue.of(Fixtures.RESOURCES).find("mini");
        assertThat(listing.coordinates()).isEqualTo("dev.slipway:mini-template");
        assertThat(listing.load().manifest().title()).isEqualTo("Mini service");
    }

    @Test
    void an_unknown_template_suggests_the_nearest() {
        var catalogue = Catalogue.of(Fixtures.RESOURCES);
        assertThatThrownBy(() -> catalogue.find("mimi"))
                .isInstanceOfSatisfying(
                        GenerationException.class,
                        failure -> assertThat(failure.problems())
                                .containsExactly(new Problem("there is no template 'mimi'", "Did you mean 'mini'?")));
        assertThatThrownBy(() -> catalogue.find("something-else"))
                .isInstanceOfSatisfying(
                        GenerationException.class,
                        failure -> assertThat(failure.problems().getFirst())
                                .hasToString("there is no template 'something-else' (There are: mini)"));
    }

    @Test
    void a_catalogue_is_needed_and_points_inside() throws IOException {
        assertThat(Fixtures.problems(() -> Catalogue.of(home)))
                .singleElement()
                .asString()
                .contains("no catalogue");
        Files.writeString(
                home.resolve(Catalogue.FILE),
                "{spec: 1, group: g, version: v, templates: [{id: a, path: ../x, b: c}]}");
        assertThat(Fixtures.problems(() -> Catalogue.of(home))).hasSize(2);
    }
}
