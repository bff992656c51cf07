package dev.slipway.shop.product.price;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.testing.TestService;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Iterator;
import java.util.stream.Stream;

/// A client that watches prices by server-sent events. It takes no notice of products at their first price of
/// [#FIRST_PRICE]: that change may be told late.
final class Watcher implements AutoCloseable {
    static final long FIRST_PRICE = 100;

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpResponse<Stream<String>> answer;
    private final Iterator<String> lines;

    Watcher(TestService service, String query) throws IOException, InterruptedException {
        var address = service.address("http").resolve("/v2/price-changes" + query);
        answer = http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofLines());
        assertThat(answer.statusCode()).isEqualTo(200);
        lines = answer.body().iterator();
    }

    /// The next event, without the signs of life between them.
    JsonNode next() throws IOException {
        while (lines.hasNext()) {
            var line = lines.next();
            if (line.startsWith("data: ")) {
                var event = new JsonMapper().readTree(line.substring("data: ".length()));
                if (event.at("/change/price/amount").asLong() != FIRST_PRICE) {
                    return event;
                }
            }
        }
        throw new AssertionError("the stream has ended");
    }

    Watcher expectGap() throws IOException {
        assertThat(next().toString()).isEqualTo("{\"missed\":true}");
        return this;
    }

    Watcher expectAmount(long amount) throws IOException {
        var event = next();
        assertThat(event.at("/missed").asBoolean()).as(event.toString()).isFalse();
        assertThat(event.at("/change/price/amount").asLong())
                .as(event.toString())
                .isEqualTo(amount);
        return this;
    }

    @Override
    public void close() {
        answer.body().close();
        http.shutdownNow();
    }
}
