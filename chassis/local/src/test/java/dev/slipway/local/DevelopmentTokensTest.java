package dev.slipway.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DevelopmentTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    private static Optional<String> requested(String arguments) {
        return DevelopmentTokens.requested(arguments.isEmpty() ? new String[0] : arguments.split(" "), NOW);
    }

    private static JsonNode claims(String arguments) throws IOException {
        var part = requested(arguments).orElseThrow().split("\\.")[1];
        return new JsonMapper().readTree(Base64.getUrlDecoder().decode(part));
    }

    @Test
    void a_token_is_for_the_subject_and_the_roles_that_are_asked_for() throws Exception {
        var claims = claims("--roles admin,support --subject ada");

        assertThat(claims.get("sub").asText()).isEqualTo("ada");
        assertThat(claims.get("roles")).map(JsonNode::asText).containsExactly("admin", "support");
        assertThat(claims.get("exp").asLong()).isEqualTo(NOW.getEpochSecond() + 3600);
    }

    @Test
    void unless_told_a_token_is_for_a_developer_without_roles() throws Exception {
        var claims = claims("");

        assertThat(claims.get("sub").asText()).isEqualTo("developer");
        assertThat(claims.get("roles")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"--help, 0", "--subject ada -h, 0", "--role admin, 2"})
    void usage_is_what_to_type_and_asking_for_it_is_no_mistake(String arguments, int exitCode) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var ended = DevelopmentTokens.run(
                arguments.split(" "), NOW, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
        var said = out.toString(UTF_8);
        var told = err.toString(UTF_8);

        assertThat(ended).isEqualTo(exitCode);
        assertThat(exitCode == 0 ? said : told)
                .isEqualTo("usage: ./run token [--subject SUBJECT] [--roles ROLE,ROLE…]" + System.lineSeparator());
        assertThat(exitCode == 0 ? told : said).isEmpty();
    }

    @Test
    void a_token_is_printed_alone_on_its_line() {
        var out = new ByteArrayOutputStream();
        var arguments = new String[] {"--roles", "admin"};

        assertThat(DevelopmentTokens.run(arguments, NOW, new PrintStream(out, true, UTF_8), System.err))
                .isZero();
        assertThat(out.toString(UTF_8)).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\\R");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--subject", "--subject ada --roles", "--role admin", "ada"})
    void wrong_arguments_make_no_token(String arguments) {
        assertThat(requested(arguments)).isEmpty();
    }
}
