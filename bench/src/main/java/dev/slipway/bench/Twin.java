package dev.slipway.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.UUID;

/// The same read by key with nothing around it: Helidon and [BareProfiles], and no tokens, validation, metrics, problem
/// details or log.
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
                .routing(routes -> routes.get("/v1/users/{id}", twin::read))
                .build()
                .start();
    }

    private void read(ServerRequest request, ServerResponse response)
            throws InterruptedException, SQLException, IOException {
        var profile =
                profiles.find(UUID.fromString(request.path().pathParameters().get("id")));
        if (profile.isPresent()) {
            response.header(HeaderValues.CONTENT_TYPE_JSON).send(json.writeValueAsBytes(profile.get()));
        } else {
            response.status(Status.NOT_FOUND_404).send();
        }
    }
}
