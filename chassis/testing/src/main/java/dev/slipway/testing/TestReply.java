package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;

/// An answer, and what a test expects of it. An expectation that fails shows the whole answer.
public final class TestReply {
    private final String request;
    private final HttpResponse<String> response;

    TestReply(String request, HttpResponse<String> response) {
        this.request = request;
        this.response = response;
    }

    public int status() {
        return response.statusCode();
    }

    public String body() {
        return response.body();
    }

    /// The first value of a header; empty if it was not sent.
    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /// The body, parsed.
    public JsonNode json() {
        try {
            return new JsonMapper().readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(this + " is not JSON", e);
        }
    }

    /// A text of the body by its JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)), for example
    /// `/items/0/id`; empty if absent.
    public String text(String pointer) {
        return json().at(pointer).asText();
    }

    public TestReply expect(int status) {
        assertThat(status()).as("%s", this).isEqualTo(status);
        return this;
    }

    /// Expects a problem document with this stable code.
    public TestReply expectProblem(int status, String code) {
        expect(status);
        assertThat(header("Content-Type")).as("%s", this).isEqualTo("application/problem+json");
        assertThat(text("/code")).as("%s", this).isEqualTo(code);
        return this;
    }

    public TestReply expectHeader(String name, String value) {
        assertThat(header(name)).as("%s in %s", name, this).isEqualTo(value);
        return this;
    }

    /// Expects a text in the body by its JSON pointer.
    public TestReply expectText(String pointer, String value) {
        assertThat(text(pointer)).as("%s in %s", pointer, this).isEqualTo(value);
        return this;
    }

    /// The request, and the answer with its headers, as one reads it on the wire.
    @Override
    public String toString() {
        var headers = response.headers().map().entrySet().stream()
                .map(header -> header.getKey() + ": " + String.join(", ", header.getValue()))
                .collect(Collectors.joining("\n"));
        return "%s → %s\n%s\n\n%s\n".formatted(request, status(), headers, body());
    }
}
