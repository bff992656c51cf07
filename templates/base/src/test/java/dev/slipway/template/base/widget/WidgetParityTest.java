package dev.slipway.template.base.widget;

import dev.slipway.template.base.BaseApp;
import dev.slipway.testing.Parity;
import dev.slipway.testing.TestService;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// For each operation, the same caller with the same input is told the same by each protocol.
class WidgetParityTest {

    @RegisterExtension
    static final TestService service = TestService.of(new BaseApp());

    @TestFactory
    Stream<DynamicTest> protocols_give_the_same_answer() {
        return Parity.of(service)
                .caller("rob", "reader")
                .caller("ada", "admin")
                .things(unique -> Map.of("id", create(unique)))
                .input("createWidget", unique -> input("new " + unique))
                .input("changeWidget", unique -> input("other " + unique))
                .input(
                        "listWidgets",
                        unique -> "{\"search\": \"%s\", \"sort\": \"-name\", \"limit\": 1}".formatted(unique))
                .tests();
    }

    private static String create(String name) {
        return service.as("ada", "admin")
                .post("/v1/widgets", input(name))
                .expect(201)
                .text("/id");
    }

    private static String input(String name) {
        return "{\"name\": \"%s\", \"description\": \"Green\"}".formatted(name);
    }
}
