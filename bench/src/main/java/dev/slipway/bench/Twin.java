package dev.slipway.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.slipway.bench.BareProfiles.Input;
import dev.slipway.bench.BareProfiles.Profile;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/// The same read by key and the same writes with nothing around them: Helidon and [BareProfiles], and no tokens,
/// validation, metrics, problem details or log.
public final class Twin {
    private final BareProfiles profiles;
    private final ObjectMapper json = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private Twin(BareProfiles profiles) {
        this.profiles = profiles;
    }

    /// @param arguments the port and the database's JDBC URL with user and password
    public static void main(String[] arguments) {
        var twin = new Twin(BareProfiles.of(arguments[1]));
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(arguments[0]))
                .routing(routes -> routes.get("/v1/users/{id}", twin::read)
                        .post("/v1/users", twin::create)
                        .put("/v1/users/{id}", twin::change))
                .build()
                .start();
    }

    private void read(ServerRequest request, ServerResponse response)
            throws InterruptedException, SQLException, IOException {
        send(profiles.find(id(request)), Status.NOT_FOUND_404, response);
    }

    private void create(ServerRequest request, ServerResponse response)
            throws InterruptedException, SQLException, IOException {
        var created = profiles.create(input(request));
        response.status(Status.CREATED_201)
                .header(HeaderNames.LOCATION, "/v1/users/" + created.id())
                .header(HeaderValues.CONTENT_TYPE_JSON)
                .send(json.writeValueAsBytes(created));
    }

    private void change(ServerRequest request, ServerResponse response)
            throws InterruptedException, SQLException, IOException {
        var version =
                Long.parseLong(request.headers().get(HeaderNames.IF_MATCH).get().replace("\"", ""));
        send(profiles.change(id(request), version, input(request)), Status.PRECONDITION_FAILED_412, response);
    }

    private void send(Optional<Profile> profile, Status otherwise, ServerResponse response) throws IOException {
        if (profile.isPresent()) {
            response.header(HeaderValues.CONTENT_TYPE_JSON).send(json.writeValueAsBytes(profile.get()));
        } else {
            response.status(otherwise).send();
        }
    }

    private static UUID id(ServerRequest request) {
        return UUID.fromString(request.path().pathParameters().get("id"));
    }

    private Input input(ServerRequest request) throws IOException {
        return json.readValue(request.content().as(byte[].class), Input.class);
    }
}
