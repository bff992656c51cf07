package dev.slipway.template.base.widget;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.grpc.GrpcProblems;
import dev.slipway.local.DevelopmentTokens;
import dev.slipway.operation.Operation;
import dev.slipway.template.base.BaseApp;
import dev.slipway.testing.Parity;
import dev.slipway.testing.Parity.Answer;
import dev.slipway.testing.TestClient;
import dev.slipway.testing.TestReply;
import dev.slipway.testing.TestService;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import proto.dev.slipway.template.base.v1.ChangeWidgetRequest;
import proto.dev.slipway.template.base.v1.CreateWidgetRequest;
import proto.dev.slipway.template.base.v1.DeleteWidgetRequest;
import proto.dev.slipway.template.base.v1.ListWidgetsRequest;
import proto.dev.slipway.template.base.v1.ReadWidgetRequest;
import proto.dev.slipway.template.base.v1.WidgetServiceGrpc;
import proto.dev.slipway.template.base.v1.WidgetServiceGrpc.WidgetServiceBlockingStub;

/// For each operation, the same caller with the same input is told the same by REST, gRPC and GraphQL.
class WidgetParityTest {
    private static final String WIDGET = "description version";
    private static final String OR_REFUSAL = "__typename ... on Widget { " + WIDGET
            + " } ... on Refusal { code } ... on InvalidInput { fields { field code } }";

    @RegisterExtension
    static final TestService service = TestService.of(new BaseApp());

    private ManagedChannel channel;

    /// What is asked of whichever operation; it takes the parts that it needs.
    private record Ask(
            String subject,
            List<String> roles,
            String id,
            String name,
            String description,
            int limit,
            long version,
            Optional<String> key) {

        TestClient client() {
            return subject.isEmpty() ? service.anonymous() : service.as(subject, roles.toArray(String[]::new));
        }

        Ask about(String otherId) {
            return new Ask(subject, roles, otherId, name, description, limit, version, key);
        }

        Ask wrong() {
            return new Ask(subject, roles, id, "x".repeat(101), description, 0, version, key);
        }

        Ask stale() {
            return new Ask(subject, roles, id, name, description, limit, 99, key);
        }

        Ask keyed(String value) {
            return new Ask(subject, roles, id, name, description, limit, version, Optional.of(value));
        }

        Ask described(String other) {
            return new Ask(subject, roles, id, name, other, limit, version, key);
        }
    }

    private interface Speaker {
        Answer say(Ask ask) throws Exception;
    }

    private interface Question {
        Answer ask(Speaker speaker, Ask ask) throws Exception;
    }

    @BeforeEach
    void connect() {
        channel = NettyChannelBuilder.forAddress(
                        "localhost", service.address("grpc").getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void every_operation_is_compared() {
        var operations = Stream.of(WidgetOperations.class.getRecordComponents())
                .filter(component -> component.getType() == Operation.class)
                .map(component -> component.getName())
                .toList();

        assertThat(ways().keySet()).containsExactlyInAnyOrderElementsOf(operations);
    }

    @TestFactory
    Stream<DynamicTest> protocols_give_the_same_answer() {
        var parity = new Parity();
        var callers = new LinkedHashMap<String, List<String>>();
        callers.put("", List.of());
        callers.put("rob", List.of("reader"));
        callers.put("ada", List.of("admin"));
        ways().forEach((operation, byProtocol) ->
                callers.forEach((subject, roles) -> questions(operation).forEach((input, question) -> {
                    var asked = new HashMap<String, Callable<Answer>>();
                    byProtocol.forEach((protocol, speaker) ->
                            asked.put(protocol, () -> question.ask(speaker, fresh(operation, subject, roles))));
                    var who = subject.isEmpty() ? "anyone" : subject;
                    parity.ask(operation + " by " + who + ": " + input, asked);
                })));
        return parity.tests();
    }

    private static Map<String, Question> questions(String operation) {
        var questions = new LinkedHashMap<String, Question>();
        questions.put("what is there", Speaker::say);
        questions.put("what is missing", (speaker, ask) -> speaker.say(ask.about(new UUID(0, 7).toString())));
        questions.put("what cannot be", (speaker, ask) -> speaker.say(ask.about("nope")));
        questions.put("what is not valid", (speaker, ask) -> speaker.say(ask.wrong()));
        questions.put("what somebody changed", (speaker, ask) -> speaker.say(ask.stale()));
        if (operation.equals("create")) {
            questions.put("the same again with its key", (speaker, ask) -> {
                var keyed = ask.keyed(UUID.randomUUID().toString());
                speaker.say(keyed);
                return speaker.say(keyed);
            });
            questions.put("another thing with its key", (speaker, ask) -> {
                var keyed = ask.keyed(UUID.randomUUID().toString());
                speaker.say(keyed);
                return speaker.say(keyed.described("Red"));
            });
            questions.put("what is taken", (speaker, ask) -> {
                speaker.say(ask);
                return speaker.say(ask);
            });
        }
        return questions;
    }

    /// A thing of its own for each question and protocol; what is to be created has a name that nobody has.
    private static Ask fresh(String operation, String subject, List<String> roles) {
        var name = UUID.randomUUID().toString();
        var id = service.as("ada", "admin")
                .post("/v1/widgets", "{\"name\": \"%s\", \"description\": \"Green\"}".formatted(name))
                .expect(201)
                .text("/id");
        var asked = operation.equals("create") ? "new " + name : name;
        return new Ask(subject, roles, id, asked, "Blue", 1, 1, Optional.empty());
    }

    private Map<String, Map<String, Speaker>> ways() {
        return Map.of(
                "create",
                ways(
                        ask -> rest(ask.key()
                                .map(key -> ask.client().with("Idempotency-Key", key))
                                .orElseGet(ask::client)
                                .post("/v1/widgets", input(ask))),
                        ask -> widget(stub(ask)
                                .createWidget(CreateWidgetRequest.newBuilder()
                                        .setInput(message(ask))
                                        .build())
                                .getItem()),
                        "mutation($input: WidgetInput!, $key: String) { createWidget(input: $input, idempotencyKey: $key) { %s } }"
                                .formatted(OR_REFUSAL),
                        "createWidget"),
                "read",
                ways(
                        ask -> rest(ask.client().get("/v1/widgets/" + ask.id())),
                        ask -> widget(stub(ask)
                                .readWidget(ReadWidgetRequest.newBuilder()
                                        .setId(ask.id())
                                        .build())
                                .getItem()),
                        "query($id: ID!) { widget(id: $id) { %s } }".formatted(WIDGET),
                        "widget"),
                "list",
                ways(
                        ask -> rest(ask.client().get("/v1/widgets?limit=" + ask.limit() + "&search=" + ask.name())),
                        ask -> widget(stub(ask)
                                .listWidgets(ListWidgetsRequest.newBuilder()
                                        .setLimit(ask.limit())
                                        .setSearch(ask.name())
                                        .build())
                                .getItems(0)),
                        "query($limit: Int, $name: String) { widgets(first: $limit, search: $name) { nodes { %s } } }"
                                .formatted(WIDGET),
                        "widgets"),
                "change",
                ways(
                        ask -> rest(ask.client()
                                .with("If-Match", "\"" + ask.version() + "\"")
                                .put("/v1/widgets/" + ask.id(), input(ask))),
                        ask -> widget(stub(ask)
                                .changeWidget(ChangeWidgetRequest.newBuilder()
                                        .setId(ask.id())
                                        .setExpectedVersion(ask.version())
                                        .setInput(message(ask))
                                        .build())
                                .getItem()),
                        "mutation($id: ID!, $input: WidgetInput!, $version: Long!) { changeWidget(id: $id, input: $input, expectedVersion: $version) { %s } }"
                                .formatted(OR_REFUSAL),
                        "changeWidget"),
                "delete",
                ways(
                        ask -> rest(ask.client()
                                .with("If-Match", "\"" + ask.version() + "\"")
                                .delete("/v1/widgets/" + ask.id())),
                        ask -> {
                            stub(ask)
                                    .deleteWidget(DeleteWidgetRequest.newBuilder()
                                            .setId(ask.id())
                                            .setExpectedVersion(ask.version())
                                            .build());
                            return "";
                        },
                        "mutation($id: ID!, $version: Long!) { deleteWidget(id: $id, expectedVersion: $version) }",
                        "deleteWidget"));
    }

    private interface Messages {
        String ask(Ask ask) throws Exception;
    }

    private static Map<String, Speaker> ways(Speaker rest, Messages grpc, String document, String field) {
        return Map.of(
                "REST",
                rest,
                "gRPC",
                ask -> grpc(() -> grpc.ask(ask)),
                "GraphQL",
                ask -> graphql(ask, document, field));
    }

    private static Answer rest(TestReply reply) {
        return Answer.ofRest(reply, body -> widget(body.has("items") ? body.at("/items/0") : body));
    }

    private static Answer grpc(Callable<String> call) throws Exception {
        try {
            return Answer.done(call.call());
        } catch (StatusRuntimeException e) {
            var problem = GrpcProblems.of(e).orElseThrow(() -> e);
            return Answer.refused(
                    problem.code(),
                    problem.fields().stream()
                            .map(field -> field.field() + " " + field.code())
                            .toList());
        }
    }

    private static Answer graphql(Ask ask, String document, String field) throws Exception {
        var variables = new HashMap<String, Object>(Map.of(
                "id",
                ask.id(),
                "limit",
                ask.limit(),
                "name",
                ask.name(),
                "version",
                ask.version(),
                "input",
                Map.of("name", ask.name(), "description", ask.description())));
        ask.key().ifPresent(key -> variables.put("key", key));
        var body = new JsonMapper().writeValueAsString(Map.of("query", document, "variables", variables));
        return Answer.ofGraphQl(
                ask.client().post("/graphql", body),
                field,
                data -> data.isBoolean() ? "" : widget(data.has("nodes") ? data.at("/nodes/0") : data));
    }

    private WidgetServiceBlockingStub stub(Ask ask) {
        var metadata = new Metadata();
        if (!ask.subject().isEmpty()) {
            metadata.put(
                    Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                    "Bearer " + DevelopmentTokens.token(ask.subject(), ask.roles(), Instant.now()));
        }
        ask.key()
                .ifPresent(
                        key -> metadata.put(Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER), key));
        return WidgetServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static String input(Ask ask) {
        return "{\"name\": \"%s\", \"description\": \"%s\"}".formatted(ask.name(), ask.description());
    }

    private static proto.dev.slipway.template.base.v1.WidgetInput message(Ask ask) {
        return proto.dev.slipway.template.base.v1.WidgetInput.newBuilder()
                .setName(ask.name())
                .setDescription(ask.description())
                .build();
    }

    /// What of a widget does not differ from one to the other.
    private static String widget(JsonNode widget) {
        return widget.at("/description").asText() + " " + widget.at("/version").asLong();
    }

    private static String widget(proto.dev.slipway.template.base.v1.Widget widget) {
        return widget.getDescription() + " " + widget.getVersion();
    }
}
