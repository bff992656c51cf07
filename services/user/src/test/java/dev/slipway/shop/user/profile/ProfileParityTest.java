package dev.slipway.shop.user.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.grpc.GrpcProblems;
import dev.slipway.local.DevelopmentTokens;
import dev.slipway.operation.Operation;
import dev.slipway.shop.user.UserApp;
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
import java.util.Locale;
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
import proto.dev.slipway.shop.user.v1.ChangeProfileRequest;
import proto.dev.slipway.shop.user.v1.CreateProfileRequest;
import proto.dev.slipway.shop.user.v1.DeleteProfileRequest;
import proto.dev.slipway.shop.user.v1.ListProfilesRequest;
import proto.dev.slipway.shop.user.v1.ProfileServiceGrpc;
import proto.dev.slipway.shop.user.v1.ProfileServiceGrpc.ProfileServiceBlockingStub;
import proto.dev.slipway.shop.user.v1.ReadProfileRequest;

/// For each operation, the same caller with the same input is told the same by REST, gRPC and GraphQL.
class ProfileParityTest {
    private static final String USER = "displayName locale status version";
    private static final String OR_REFUSAL = "__typename ... on User { " + USER
            + " } ... on Refusal { code } ... on InvalidInput { fields { field code } }";
    private static final String OWNER = "the owner";

    @RegisterExtension
    static final TestService service = TestService.of(new UserApp());

    private ManagedChannel channel;

    /// What is asked of whichever operation; it takes the parts that it needs.
    private record Ask(
            String subject,
            List<String> roles,
            String id,
            String email,
            String name,
            int limit,
            long version,
            Optional<String> key) {

        TestClient client() {
            return subject.isEmpty() ? service.anonymous() : service.as(subject, roles.toArray(String[]::new));
        }

        Ask about(String otherId) {
            return new Ask(subject, roles, otherId, email, name, limit, version, key);
        }

        Ask wrong() {
            return new Ask(subject, roles, id, "nobody", " ", 0, version, key);
        }

        Ask stale() {
            return new Ask(subject, roles, id, email, name, limit, 99, key);
        }

        Ask keyed(String value) {
            return new Ask(subject, roles, id, email, name, limit, version, Optional.of(value));
        }

        Ask named(String other) {
            return new Ask(subject, roles, id, email, other, limit, version, key);
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
        var operations = Stream.of(ProfileOperations.class.getRecordComponents())
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
        callers.put("somebody", List.of("customer"));
        callers.put(OWNER, List.of("customer"));
        callers.put("sue", List.of("support"));
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
                return speaker.say(keyed.named("Other"));
            });
            questions.put("what is taken", (speaker, ask) -> {
                speaker.say(ask);
                return speaker.say(ask);
            });
        }
        return questions;
    }

    /// A user of its own for each question and protocol; what is to be created has an address that nobody has.
    private static Ask fresh(String operation, String subject, List<String> roles) {
        var email = UUID.randomUUID() + "@example.com";
        var id = service.as("ada", "admin")
                .post("/v1/users", "{\"email\": \"%s\", \"displayName\": \"Ann\"}".formatted(email))
                .expect(201)
                .text("/id");
        var asked = operation.equals("create") ? "new-" + email : email;
        return new Ask(subject.equals(OWNER) ? id : subject, roles, id, asked, "Bea", 1, 1, Optional.empty());
    }

    private Map<String, Map<String, Speaker>> ways() {
        return Map.of(
                "create",
                ways(
                        ask -> rest(ask.key()
                                .map(key -> ask.client().with("Idempotency-Key", key))
                                .orElseGet(ask::client)
                                .post("/v1/users", input(ask))),
                        ask -> user(stub(ask)
                                .createProfile(CreateProfileRequest.newBuilder()
                                        .setProfile(message(ask))
                                        .build())
                                .getProfile()),
                        "mutation($input: UserInput!, $key: String) { createUser(input: $input, idempotencyKey: $key) { %s } }"
                                .formatted(OR_REFUSAL),
                        "createUser"),
                "read",
                ways(
                        ask -> rest(ask.client().get("/v1/users/" + ask.id())),
                        ask -> user(stub(ask)
                                .readProfile(ReadProfileRequest.newBuilder()
                                        .setId(ask.id())
                                        .build())
                                .getProfile()),
                        "query($id: ID!) { user(id: $id) { %s } }".formatted(USER),
                        "user"),
                "list",
                ways(
                        ask -> rest(ask.client().get("/v1/users?limit=" + ask.limit() + "&email=" + ask.email())),
                        ask -> user(stub(ask)
                                .listProfiles(ListProfilesRequest.newBuilder()
                                        .setLimit(ask.limit())
                                        .setEmail(ask.email())
                                        .build())
                                .getItems(0)),
                        "query($limit: Int, $email: String) { users(first: $limit, email: $email) { nodes { %s } } }"
                                .formatted(USER),
                        "users"),
                "change",
                ways(
                        ask -> rest(ask.client()
                                .with("If-Match", "\"" + ask.version() + "\"")
                                .put("/v1/users/" + ask.id(), input(ask))),
                        ask -> user(stub(ask)
                                .changeProfile(ChangeProfileRequest.newBuilder()
                                        .setId(ask.id())
                                        .setExpectedVersion(ask.version())
                                        .setProfile(message(ask))
                                        .build())
                                .getProfile()),
                        "mutation($id: ID!, $input: UserInput!, $version: Long!) { changeUser(id: $id, input: $input, expectedVersion: $version) { %s } }"
                                .formatted(OR_REFUSAL),
                        "changeUser"),
                "delete",
                ways(
                        ask -> rest(ask.client()
                                .with("If-Match", "\"" + ask.version() + "\"")
                                .delete("/v1/users/" + ask.id())),
                        ask -> {
                            stub(ask)
                                    .deleteProfile(DeleteProfileRequest.newBuilder()
                                            .setId(ask.id())
                                            .setExpectedVersion(ask.version())
                                            .build());
                            return "";
                        },
                        "mutation($id: ID!, $version: Long!) { deleteUser(id: $id, expectedVersion: $version) }",
                        "deleteUser"));
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
        return Answer.ofRest(reply, body -> user(body.has("items") ? body.at("/items/0") : body));
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
                "email",
                ask.email(),
                "version",
                ask.version(),
                "input",
                Map.of("email", ask.email(), "displayName", ask.name())));
        ask.key().ifPresent(key -> variables.put("key", key));
        var body = new JsonMapper().writeValueAsString(Map.of("query", document, "variables", variables));
        return Answer.ofGraphQl(
                ask.client().post("/graphql", body),
                field,
                data -> data.isBoolean() ? "" : user(data.has("nodes") ? data.at("/nodes/0") : data));
    }

    private ProfileServiceBlockingStub stub(Ask ask) {
        var metadata = new Metadata();
        if (!ask.subject().isEmpty()) {
            metadata.put(
                    Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                    "Bearer " + DevelopmentTokens.token(ask.subject(), ask.roles(), Instant.now()));
        }
        ask.key()
                .ifPresent(
                        key -> metadata.put(Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER), key));
        return ProfileServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static String input(Ask ask) {
        return "{\"email\": \"%s\", \"displayName\": \"%s\"}".formatted(ask.email(), ask.name());
    }

    private static proto.dev.slipway.shop.user.v1.ProfileInput message(Ask ask) {
        return proto.dev.slipway.shop.user.v1.ProfileInput.newBuilder()
                .setEmail(ask.email())
                .setDisplayName(ask.name())
                .build();
    }

    /// What of a user does not differ from one to the other.
    private static String user(JsonNode user) {
        return text(
                user.at("/displayName").asText(),
                user.at("/locale").asText(),
                user.at("/status").asText(),
                user.at("/version").asLong());
    }

    private static String user(proto.dev.slipway.shop.user.v1.Profile user) {
        return text(
                user.getDisplayName(),
                user.getLocale(),
                user.getStatus().name().replace("STATUS_", ""),
                user.getVersion());
    }

    private static String text(String name, String locale, String status, long version) {
        return String.join(" ", name, locale, status.toLowerCase(Locale.ROOT), Long.toString(version));
    }
}
