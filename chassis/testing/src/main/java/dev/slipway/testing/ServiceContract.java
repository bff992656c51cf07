package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.StartException;
import dev.slipway.local.HttpExample;
import dev.slipway.testkit.Await;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What every service promises whoever calls, runs or watches it. Nearly all that there is to test follows from what the
/// running service says of itself (OpenAPI, gRPC reflection, GraphQL schema, its list of operations); a service gives
/// samples, and tests besides what is its own.
///
/// ```java
/// class ContractTest extends ServiceContract {
///     ContractTest() {
///         super(new LoyaltyApp(), new ContractSamples()
///                 .authenticated("readReward", "listRewards")
///                 .everything("admin")
///                 .input("createReward", "{\"name\": \"*\"}"));
///     }
/// }
/// ```
///
/// What a service does not have (a protocol, a database) is skipped, and the rest holds. What it has and does not keep, it
/// says with a reason: [ContractSamples#without].
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ServiceContract {
    private final ServiceDefinition<?> definition;
    private final ContractSamples samples;

    @RegisterExtension
    final TestService service;

    private final List<Speaker> speakers = new ArrayList<>();

    protected ServiceContract(ServiceDefinition<?> definition, ContractSamples samples) {
        this.definition = definition;
        this.samples = samples;
        this.service = TestService.of(definition);
    }

    @BeforeAll
    final void connect() {
        speakers.add(new RestSpeaker(service));
        if (service.speaks("grpc")) {
            GrpcSpeaker.of(service).ifPresent(speakers::add);
        }
        if (speaksGraphQl()) {
            GraphQlSpeaker.of(service, samples.fields()).ifPresent(speakers::add);
        }
    }

    @AfterAll
    final void disconnect() {
        speakers.forEach(Speaker::close);
        speakers.clear();
    }

    @BeforeEach
    final void leaveOut(TestInfo test) {
        skip(test.getTestMethod().map(Method::getName).orElse(""));
    }

    private void skip(String test) {
        var reason = samples.leftOut().get(test);
        assumeTrue(reason == null, () -> "left out, since " + reason);
    }

    @Test
    void what_is_left_out_exists() {
        var tests = new ArrayList<String>();
        Stream.of(ServiceContract.class.getDeclaredMethods())
                .map(Method::getName)
                .forEach(tests::add);
        Stream.concat(questions().tests(), lifecycle().tests())
                .map(DynamicTest::getDisplayName)
                .forEach(tests::add);
        assertThat(tests).containsAll(samples.leftOut().keySet());
    }

    @Test
    void a_running_service_is_ready_and_names_its_dependencies() {
        var ready = service.management().get("/health/ready").expect(200).expectText("/status", "up");
        assertThat(ready.json().at("/dependencies"))
                .as("%s", ready)
                .allMatch(dependency -> dependency.at("/status").asText().equals("up"));
        assertThat(ready.json().at("/dependencies").has("postgres"))
                .as("whether PostgreSQL is among the dependencies: %s", ready)
                .isEqualTo(hasDatabase());
    }

    /// As by a second copy on the same machine.
    @Test
    void ports_that_are_taken_are_told_all_at_once() {
        var copy = TestService.of(definition);
        var settings = new ArrayList<String>();
        for (var protocol : List.of("http", "grpc")) {
            if (service.speaks(protocol)) {
                settings.add(protocol + ".port");
                copy.with(
                        protocol + ".port",
                        String.valueOf(service.address(protocol).getPort()));
            }
        }
        settings.add("service.management-port");
        copy.with(
                "service.management-port",
                String.valueOf(service.address("management").getPort()));
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(copy::start)
                .satisfies(e -> assertThat(e.reasons())
                        .extracting(reason -> reason.replaceFirst(":.*", ""))
                        .containsExactlyInAnyOrderElementsOf(settings));
    }

    @Test
    void the_home_page_tells_where_grpc_is() {
        assumeTrue(service.speaks("grpc"), "it speaks no gRPC");
        var address = service.address("grpc");
        for (var client : List.of(service.anonymous(), service.management())) {
            assertThat(client.get("/").expect(200).body())
                    .contains("\"href\":\"" + address + "\"")
                    .contains("grpcurl -plaintext " + address.getAuthority() + " list");
            assertThat(client.with("Accept", "text/html").get("/").expect(200).body())
                    .contains("gRPC <code>" + address.getAuthority() + "</code>");
        }
    }

    @Test
    void requests_are_counted_by_route_and_status() {
        var operation = rest().operations().iterator().next();
        var route = rest().route(operation);
        var reply = service.anonymous()
                .send(route.method().toUpperCase(Locale.ROOT), route.path().replaceAll("\\{.*?}", "0"), "");
        // A request is counted when its answer has been sent.
        Await.until(
                "the request is counted",
                () -> service.management()
                        .get("/metrics")
                        .expect(200)
                        .body()
                        .lines()
                        .anyMatch(line -> line.startsWith("http_server_requests_seconds_count{")
                                && line.contains("path=\"" + route.path() + "\"")
                                && line.contains("status=\"" + reply.status() + "\"")));
    }

    @TestFactory
    Stream<DynamicTest> the_api_files_say_what_the_service_serves() {
        return ofEachDocument(
                "the file of ",
                (version, document) -> ApiFile.matches(Path.of("api", "openapi-" + version + ".json"), document));
    }

    @TestFactory
    Stream<DynamicTest> what_the_api_documents_take_the_service_takes_and_the_reverse() {
        return ofEachDocument("bodies by ", (version, document) -> {
            var bodies = new HashMap<String, String>();
            rest().takingBodies(version)
                    .forEach(operation -> bodies.put(
                            operation, things().input(operation, Things.word()).toString()));
            ApiContract.holds(
                    document,
                    operation -> rest().client(
                                    "bodies by " + version + " for " + operation,
                                    samples.privileged().roles()),
                    bodies);
        });
    }

    @TestFactory
    Stream<DynamicTest> what_the_api_documents_take_of_a_query_the_service_takes_and_the_reverse() {
        return ofEachDocument(
                "queries by ",
                (version, document) -> QueryContract.holds(
                        document,
                        operation ->
                                rest().client(operation, samples.privileged().roles())));
    }

    private Stream<DynamicTest> ofEachDocument(String title, BiConsumer<String, String> check) {
        return derived(rest().documents().entrySet().stream()
                .map(document -> DynamicTest.dynamicTest(
                        title + document.getKey(), () -> check.accept(document.getKey(), document.getValue()))));
    }

    @Test
    void the_schema_breaks_no_client() {
        assumeTrue(speaksGraphQl(), "it speaks no GraphQL");
        SchemaFile.matches(
                Path.of("api", "graphql", "surface.lock"),
                service.anonymous().get("/graphql/schema.graphqls").expect(200).body());
    }

    @Test
    void the_requests_to_try_are_answered() throws IOException {
        assertThat(HttpExample.files(Path.of("api")))
                .isNotEmpty()
                .allSatisfy(file -> HttpFile.works(
                        file, service, samples.privileged().roles().toArray(String[]::new)));
    }

    @Test
    void the_settings_file_lists_every_setting() {
        SettingsFile.matches(Path.of("docs", "settings.md"), definition);
    }

    @Test
    void the_pages_work_in_a_browser() {
        Pages.work(service, samples.privileged().roles().toArray(String[]::new));
    }

    @TestFactory
    Stream<DynamicTest> an_unreadable_token_is_refused() {
        var anyone = samples.askers().getFirst();
        return derived(rest().operations().stream()
                .filter(operation -> !anyone.may(operation))
                .map(operation -> DynamicTest.dynamicTest(operation + " with an unreadable token", () -> {
                    var made = things().make(operation, Things.word());
                    var question = things().question(
                                    operation, samples.privileged(), made, things().input(operation, Things.word()));
                    rest().send(question, service.client("no.token.atall")).expectProblem(401, "invalid-token");
                })));
    }

    @TestFactory
    Stream<DynamicTest> each_operation_answers_as_promised_by_every_protocol() {
        return derived(questions().tests());
    }

    /// What REST takes is held against its documents already. `-Dslipway.seed` sends the same values again.
    @TestFactory
    Stream<DynamicTest> random_values_are_no_failure_of_the_service() {
        return derived(speakers.stream()
                .skip(1)
                .map(speaker -> DynamicTest.dynamicTest(
                        "random values by " + speaker.protocol(),
                        () -> sendAnything(
                                speaker,
                                Long.getLong(
                                        "slipway.seed",
                                        ThreadLocalRandom.current().nextLong())))));
    }

    private void sendAnything(Speaker speaker, long seed) throws Exception {
        var asker = samples.privileged();
        var right = new LinkedHashMap<String, JsonNode>();
        for (var operation : rest().operations()) {
            things().make(operation, Things.word())
                    .parameters()
                    .forEach((name, value) -> right.putIfAbsent(name, TextNode.valueOf(value)));
            addFields(things().input(operation, Things.word()), right);
        }
        var values = new RandomValues(right, new Random(seed));
        var failures = switch (speaker) {
            case GraphQlSpeaker graphql ->
                RandomGraphQl.failures(service, graphql.schema(), values, asker.subject(), asker.roles());
            case GrpcSpeaker grpc -> RandomGrpc.failures(service, grpc, values, asker.subject(), asker.roles());
            default -> throw new IllegalStateException(speaker.protocol());
        };
        assertThat(failures).as("-Dslipway.seed=%s", seed).isEmpty();
        for (var operation : rest().operations()) {
            if (speaker.knows(operation)) {
                assertThat(nearMisses(speaker, operation, values))
                        .as("-Dslipway.seed=%s", seed)
                        .isEmpty();
            }
        }
    }

    /// Asks by an operation's sample, which must be done, and then with each of its texts and numbers random in turn.
    private List<String> nearMisses(Speaker speaker, String operation, RandomValues values) throws Exception {
        var failures = new ArrayList<String>();
        var done = ask(speaker, operation, input -> input);
        if (!done.code().equals(Answer.DONE)) {
            failures.add("the sample of %s is refused: %s".formatted(operation, done));
        }
        for (var place : places("", things().input(operation, Things.word()))) {
            var answer = ask(speaker, operation, input -> {
                var value = input.at(place).isNumber()
                        ? LongNode.valueOf(values.number())
                        : TextNode.valueOf(values.text());
                return Things.replaced(input, place, value);
            });
            if (answer.isFailure()) {
                failures.add("%s with %s random is answered by %s".formatted(operation, place, answer));
            }
        }
        return failures;
    }

    private Answer ask(Speaker speaker, String operation, UnaryOperator<ObjectNode> change) throws Exception {
        var word = Things.word();
        var input = change.apply(things().input(operation, word));
        return speaker.ask(
                things().question(operation, samples.privileged(), things().make(operation, word + "-1"), input));
    }

    /// Pointers to the texts and numbers that fields hold.
    private static List<String> places(String path, JsonNode input) {
        var places = new ArrayList<String>();
        input.properties().forEach(field -> {
            var place = path + "/" + field.getKey();
            if (field.getValue().isTextual() || field.getValue().isNumber()) {
                places.add(place);
            }
            places.addAll(places(place, field.getValue()));
        });
        for (var i = 0; input.isArray() && i < input.size(); i++) {
            places.addAll(places(path + "/" + i, input.get(i)));
        }
        return places;
    }

    private static void addFields(JsonNode input, Map<String, JsonNode> right) {
        input.properties().forEach(field -> right.putIfAbsent(field.getKey(), field.getValue()));
        input.forEach(part -> addFields(part, right));
    }

    @TestFactory
    Stream<DynamicTest> what_one_protocol_did_all_protocols_see() {
        return derived(lifecycle().tests());
    }

    /// By a service of its own, whose statements can be seen.
    @TestFactory
    Stream<DynamicTest> a_key_changes_nothing_but_itself() {
        assumeTrue(hasDatabase(), "it has no database");
        var prepared = KeyedCalls.prepared(TestService.of(definition)).start();
        try {
            return keyed(prepared).onClose(prepared::close);
        } catch (Throwable e) {
            prepared.close();
            throw e;
        }
    }

    private Stream<DynamicTest> keyed(TestService prepared) {
        var speaker = new RestSpeaker(prepared);
        var its = new Things(speaker, samples);
        var calls = new KeyedCalls(
                prepared, prepared.as("somebody", samples.privileged().roles().toArray(String[]::new)));
        for (var operation : calls.operations().keySet()) {
            calls.ask(operation, client -> {
                var word = Things.word();
                var question = its.question(
                        operation, samples.privileged(), its.make(operation, word + "-1"), its.input(operation, word));
                return speaker.send(question, client);
            });
        }
        return derived(calls.tests());
    }

    private Stream<DynamicTest> derived(Stream<DynamicTest> tests) {
        return tests.map(test -> DynamicTest.dynamicTest(test.getDisplayName(), () -> {
            skip(test.getDisplayName());
            test.getExecutable().execute();
        }));
    }

    private boolean speaksGraphQl() {
        return service.anonymous().get("/graphql/schema.graphqls").status() == 200;
    }

    /// As the chassis sees it: migrations stand beside the App.
    private boolean hasDatabase() {
        return definition.getClass().getResource("db") != null;
    }

    private RestSpeaker rest() {
        return (RestSpeaker) speakers.getFirst();
    }

    private Things things() {
        return new Things(rest(), samples);
    }

    private Questions questions() {
        return new Questions(samples, rest(), speakers, things());
    }

    private Lifecycle lifecycle() {
        return new Lifecycle(samples, rest(), speakers, things());
    }
}
