package dev.slipway.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a [ServiceContract] cannot know of a service: who may call what, and what is sent.
///
/// ```java
/// new ContractSamples()
///         .anyone("readReward")
///         .role("support", "listRewards")
///         .everything("admin")
///         .input("createReward", "{\"name\": \"*\", \"points\": 5}")
/// ```
///
/// Operations go by their names, inputs have the names of REST. For one thread, until the contract has them.
public final class ContractSamples {
    private static final JsonMapper JSON = new JsonMapper();

    /// Somebody who asks.
    ///
    /// @param name of the caller in the names of tests
    /// @param subject of the token; empty for none. `{id}` is what the thing's parameter `id` says.
    /// @param everything whether it may call each operation; else those in `may`
    record Asker(String name, String subject, List<String> roles, Set<String> may, boolean everything) {

        boolean may(String operation) {
            return everything || may.contains(operation);
        }

        boolean isOwner() {
            return subject.startsWith("{");
        }

        /// What it is told of an operation about something that is there.
        String told(String operation) {
            return may(operation) ? Answer.DONE : subject.isEmpty() ? "token-required" : "forbidden";
        }
    }

    /// Where the thing comes from that an operation is about.
    record Origin(String creator, String pointer) {}

    record Also(String name, String json) {}

    record Wrong(String name, String pointer, JsonNode value) {}

    private final Set<String> forAnyone = new HashSet<>();
    private final Set<String> forAuthenticated = new HashSet<>();
    private final List<Asker> others = new ArrayList<>();
    private final Map<String, String> inputs = new LinkedHashMap<>();
    private final Map<String, Origin> origins = new LinkedHashMap<>();
    private final Map<String, List<Also>> also = new LinkedHashMap<>();
    private final Map<String, List<Wrong>> wrong = new LinkedHashMap<>();
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final Map<String, String> alone = new LinkedHashMap<>();
    private final Map<String, String> leftOut = new LinkedHashMap<>();

    /// Operations for everybody, also without a token.
    public ContractSamples anyone(String... operations) {
        forAnyone.addAll(List.of(operations));
        return this;
    }

    /// Operations for whoever has a token.
    public ContractSamples authenticated(String... operations) {
        forAuthenticated.addAll(List.of(operations));
        return this;
    }

    /// What the role may besides, and nothing else.
    public ContractSamples role(String role, String... operations) {
        others.add(new Asker(role, "some-" + role, List.of(role), Set.of(operations), false));
        return this;
    }

    /// What somebody may besides whose subject is the value of the operation's parameter, and nobody else's.
    public ContractSamples subjectIs(String parameter, String... operations) {
        others.add(new Asker("its owner", "{" + parameter + "}", List.of(), Set.of(operations), false));
        return this;
    }

    /// The role that may call each operation, which also makes what the others ask about.
    public ContractSamples everything(String role) {
        others.add(new Asker(role, "some-" + role, List.of(role), Set.of(), true));
        return this;
    }

    /// Valid input of an operation as JSON, in which `*` stands for a word that nothing else has. Another operation whose
    /// body has the same schema takes it, too. A query needs none if it has a parameter `search`.
    public ContractSamples input(String operation, String json) {
        inputs.put(operation, json);
        return this;
    }

    /// What the operation is about, if that is not what was made by a POST to the beginning of its path, whose answer has
    /// its parameters as fields.
    ///
    /// @param creator the operation that makes it
    /// @param pointer where the creator's answer has the value of the operation's parameter, by
    ///     [RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)
    public ContractSamples about(String operation, String creator, String pointer) {
        origins.put(operation, new Origin(creator, pointer));
        return this;
    }

    /// Other valid input, to which each protocol must answer the same. What was made before has the word and `-1`.
    ///
    /// @param name of the test, for example `what costs more`
    public ContractSamples also(String operation, String name, String json) {
        also.computeIfAbsent(operation, key -> new ArrayList<>()).add(new Also(name, json));
        return this;
    }

    /// Input that no schema tells to be wrong.
    ///
    /// @param name of the test, for example `an address that is none`
    /// @param pointer to the value of the sample that is replaced
    public ContractSamples wrong(String operation, String name, String pointer, Object value) {
        wrong.computeIfAbsent(operation, key -> new ArrayList<>())
                .add(new Wrong(name, pointer, JSON.valueToTree(value)));
        return this;
    }

    /// Where the GraphQL field does not follow from the operation's name.
    public ContractSamples field(String operation, String graphQlField) {
        fields.put(operation, graphQlField);
        return this;
    }

    /// An operation that has an address in one protocol alone, and why.
    public ContractSamples alone(String operation, String reason) {
        alone.put(operation, reason);
        return this;
    }

    /// A part of the contract that the service does not keep, and why: it is reported as skipped.
    ///
    /// @param test the name of a method of [ServiceContract], or of a test that it derives
    public ContractSamples without(String test, String reason) {
        leftOut.put(test, reason);
        return this;
    }

    List<Asker> askers() {
        var askers = new ArrayList<Asker>();
        askers.add(new Asker("anyone", "", List.of(), forAnyone, false));
        var known = new HashSet<>(forAnyone);
        known.addAll(forAuthenticated);
        askers.add(new Asker("somebody", "somebody", List.of(), known, false));
        for (var asker : others) {
            var may = new HashSet<>(known);
            may.addAll(asker.may());
            askers.add(new Asker(asker.name(), asker.subject(), asker.roles(), may, asker.everything()));
        }
        return askers;
    }

    Asker privileged() {
        return others.stream()
                .filter(Asker::everything)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no role may call everything"));
    }

    Optional<String> input(String operation) {
        return Optional.ofNullable(inputs.get(operation));
    }

    Set<String> withInput() {
        return inputs.keySet();
    }

    Optional<Origin> origin(String operation) {
        return Optional.ofNullable(origins.get(operation));
    }

    List<Also> also(String operation) {
        return also.getOrDefault(operation, List.of());
    }

    List<Wrong> wrong(String operation) {
        return wrong.getOrDefault(operation, List.of());
    }

    Map<String, String> fields() {
        return fields;
    }

    boolean isAlone(String operation) {
        return alone.containsKey(operation);
    }

    Map<String, String> leftOut() {
        return leftOut;
    }

    /// JSON with its word.
    static ObjectNode written(String json, String word) {
        try {
            JsonNode read = JSON.readTree(json.replace("*", word));
            return (ObjectNode) read;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
