package dev.slipway.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openapitools.openapidiff.core.compare.OpenApiDiff;
import org.openapitools.openapidiff.core.compare.OpenApiDiffOptions;
import org.openapitools.openapidiff.core.model.Changed;
import org.openapitools.openapidiff.core.model.ChangedContent;
import org.openapitools.openapidiff.core.model.ChangedOperation;
import org.openapitools.openapidiff.core.model.ChangedParameters;
import org.openapitools.openapidiff.core.model.ChangedResponse;
import org.openapitools.openapidiff.core.model.ChangedSchema;

/// Which changes of an OpenAPI document break clients.
///
/// [OpenAPI-diff](https://github.com/OpenAPITools/openapi-diff) finds and pairs what changed. What breaks is judged here
/// by the rules of [oasdiff](https://github.com/oasdiff/oasdiff/blob/main/docs/BREAKING-CHANGES.md), because the library
/// takes a lost optional field of an answer, another format or a token that is suddenly asked for as harmless, and a
/// pattern that is gone as harm.
final class ApiChanges {
    private final List<String> findings = new ArrayList<>();
    /// Those that are being judged: a schema may contain itself.
    private final Set<ChangedSchema> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private ApiChanges() {}

    /// What clients of the one document would miss in the other; each begins with the operation.
    static List<String> breakages(String kept, String current) {
        var difference = OpenApiDiff.compare(
                read(kept), read(current), OpenApiDiffOptions.builder().build());
        var changes = new ApiChanges();
        difference
                .getMissingEndpoints()
                .forEach(gone -> changes.gone(gone.getMethod() + " " + gone.getPathUrl(), "the operation"));
        difference.getChangedOperations().forEach(changes::operation);
        return changes.findings;
    }

    private static OpenAPI read(String document) {
        try {
            var mapper = Json.mapper();
            var tree = mapper.readTree(document);
            shape(tree);
            return mapper.treeToValue(tree, OpenAPI.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("This is no OpenAPI document: " + e.getOriginalMessage(), e);
        }
    }

    /// Says the same as OpenAPI 3.0 does, which is all that the library compares.
    private static void shape(JsonNode node) {
        if (node instanceof ObjectNode schema) {
            if (schema.get("type") instanceof ArrayNode types) {
                var names = types.valueStream().map(JsonNode::asText).toList();
                var others = names.stream().filter(name -> !name.equals("null")).toList();
                schema.put("nullable", others.size() < names.size());
                schema.set("type", TextNode.valueOf(String.join(" or ", others)));
            }
            exclusive(schema, "exclusiveMinimum", "minimum");
            exclusive(schema, "exclusiveMaximum", "maximum");
            if (schema.get("const") instanceof TextNode only) {
                schema.putArray("enum").add(only);
            }
        }
        node.forEach(ApiChanges::shape);
    }

    private static void exclusive(ObjectNode schema, String exclusive, String bound) {
        var value = schema.get(exclusive);
        if (value != null && value.isNumber()) {
            schema.set(bound, value);
            schema.put(exclusive, true);
        }
    }

    private void operation(ChangedOperation operation) {
        var where = operation.getHttpMethod() + " " + operation.getPathUrl();
        var was = operation.getOldOperation().getSecurity();
        var is = operation.getNewOperation().getSecurity();
        if (is != null && !is.isEmpty() && (was == null || !is.containsAll(was) || was.isEmpty())) {
            findings.add(where + ": asks for " + is + " and asked for " + (was == null ? "nothing" : was));
        }
        if (operation.getParameters() != null) {
            parameters(where, operation.getParameters());
        }
        var body = operation.getRequestBody();
        if (body != null) {
            if (body.isChangeRequired()
                    && Boolean.TRUE.equals(body.getNewRequestBody().getRequired())) {
                findings.add(where + ": the body must be given");
            }
            content(where + " request", body.getContent());
        } else if (operation.getOldOperation().getRequestBody() == null
                && operation.getNewOperation().getRequestBody() != null
                && Boolean.TRUE.equals(
                        operation.getNewOperation().getRequestBody().getRequired())) {
            findings.add(where + ": the body must be given");
        }
        var answers = operation.getApiResponses();
        if (answers != null) {
            answers.getMissing().keySet().stream()
                    .filter(status -> status.startsWith("2"))
                    .forEach(status -> gone(where, "status " + status));
            answers.getChanged().forEach((status, answer) -> answer(where + " answer " + status, answer));
        }
    }

    private void parameters(String where, ChangedParameters parameters) {
        parameters.getMissing().forEach(gone -> gone(where, gone.getIn() + " parameter " + gone.getName()));
        parameters.getIncreased().stream()
                .filter(added -> Boolean.TRUE.equals(added.getRequired()))
                .forEach(added -> findings.add(
                        where + ": " + added.getIn() + " parameter " + added.getName() + " is new and must be given"));
        for (var changed : parameters.getChanged()) {
            var place = where + " " + changed.getIn() + " parameter " + changed.getName();
            if (changed.isChangeRequired()
                    && Boolean.TRUE.equals(changed.getNewParameter().getRequired())) {
                findings.add(place + ": must be given");
            }
            if (changed.isChangeStyle() || changed.isChangeExplode()) {
                findings.add(place + ": is written differently");
            }
            schema(place, changed.getSchema());
        }
    }

    private void answer(String where, ChangedResponse answer) {
        if (answer.getHeaders() != null) {
            answer.getHeaders().getMissing().keySet().forEach(name -> gone(where, "header " + name));
        }
        content(where, answer.getContent());
    }

    private void content(String where, @Nullable ChangedContent content) {
        if (content != null) {
            content.getMissing().keySet().forEach(type -> gone(where, "media type " + type));
            content.getChanged().values().forEach(media -> schema(where, media.getSchema()));
        }
    }

    private void schema(String where, @Nullable ChangedSchema change) {
        if (change == null || !open.add(change)) {
            return;
        }
        var was = change.getOldSchema();
        var is = change.getNewSchema();
        if (was != null && is != null) {
            differs(where, "type", was.getType(), is.getType());
            differs(where, "format", was.getFormat(), is.getFormat());
            change.getMissingProperties().keySet().forEach(name -> gone(where, name));
            if (change.getContext().isRequest()) {
                tightened(where, was, is);
            } else {
                loosened(where, was, is);
            }
        }
        judged(where, "oneOf", change.getOneOfSchema());
        judged(where, "multipleOf", change.getMultipleOf());
        judged(where, "uniqueItems", change.getUniqueItems());
        judged(where, "readOnly", change.getReadOnly());
        judged(where, "writeOnly", change.getWriteOnly());
        if (change.isDiscriminatorPropertyChanged()) {
            findings.add(where + ": the discriminator is another");
        }
        change.getChangedProperties().forEach((name, property) -> schema(where + "." + name, property));
        schema(where + "[]", change.getItems());
        schema(where + ".*", change.getAddProp());
        open.remove(change);
    }

    /// What the service took and takes no more.
    private void tightened(String where, Schema<?> was, Schema<?> is) {
        values(is.getRequired()).stream()
                .filter(name -> !values(was.getRequired()).contains(name))
                .forEach(name -> findings.add(where + "." + name + ": must be given"));
        if (is.getEnum() != null && (was.getEnum() == null || !is.getEnum().containsAll(was.getEnum()))) {
            differs(where, "enum", was.getEnum(), is.getEnum());
        }
        if (is.getPattern() != null) {
            differs(where, "pattern", was.getPattern(), is.getPattern());
        }
        if (Boolean.TRUE.equals(was.getNullable()) && !Boolean.TRUE.equals(is.getNullable())) {
            findings.add(where + ": may no longer be null");
        }
        least(where, "minLength", was.getMinLength(), is.getMinLength());
        most(where, "maxLength", was.getMaxLength(), is.getMaxLength());
        least(where, "minItems", was.getMinItems(), is.getMinItems());
        most(where, "maxItems", was.getMaxItems(), is.getMaxItems());
        least(where, "minProperties", was.getMinProperties(), is.getMinProperties());
        most(where, "maxProperties", was.getMaxProperties(), is.getMaxProperties());
        least(where, "minimum", was.getMinimum(), is.getMinimum());
        most(where, "maximum", was.getMaximum(), is.getMaximum());
        if (isStricter(was.getExclusiveMinimum(), is.getExclusiveMinimum(), was.getMinimum(), is.getMinimum())) {
            findings.add(where + ": minimum itself is no longer allowed");
        }
        if (isStricter(was.getExclusiveMaximum(), is.getExclusiveMaximum(), was.getMaximum(), is.getMaximum())) {
            findings.add(where + ": maximum itself is no longer allowed");
        }
    }

    /// What clients could rely on and can no more. An answer may have new values of an enum: clients expect them.
    private void loosened(String where, Schema<?> was, Schema<?> is) {
        var properties = is.getProperties();
        values(was.getRequired()).stream()
                .filter(name -> !values(is.getRequired()).contains(name))
                .filter(name -> properties != null && properties.containsKey(name))
                .forEach(name -> findings.add(where + "." + name + ": was always there and may be absent"));
        if (Boolean.TRUE.equals(is.getNullable()) && !Boolean.TRUE.equals(was.getNullable())) {
            findings.add(where + ": may be null");
        }
    }

    private void gone(String where, String what) {
        findings.add(where + ": " + what + " is gone");
    }

    private void differs(String where, String what, @Nullable Object was, @Nullable Object is) {
        if (!Objects.equals(was, is)) {
            findings.add(where + ": " + what + " was " + said(was) + " and is " + said(is));
        }
    }

    private static Object said(@Nullable Object value) {
        return value == null ? "open" : value;
    }

    private void judged(String where, String what, @Nullable Changed change) {
        if (change != null && change.isIncompatible()) {
            findings.add(where + ": " + what + " is another");
        }
    }

    private void least(String where, String what, @Nullable Number was, @Nullable Number is) {
        // Zero items, characters or members are as good as no bound.
        var bound = was == null && is instanceof Integer ? Integer.valueOf(0) : was;
        if (is != null && (bound == null || decimal(is).compareTo(decimal(bound)) > 0)) {
            differs(where, what, was, is);
        }
    }

    private void most(String where, String what, @Nullable Number was, @Nullable Number is) {
        if (is != null && (was == null || decimal(is).compareTo(decimal(was)) < 0)) {
            differs(where, what, was, is);
        }
    }

    private static boolean isStricter(
            @Nullable Boolean was, @Nullable Boolean is, @Nullable Number before, @Nullable Number after) {
        return !Boolean.TRUE.equals(was)
                && Boolean.TRUE.equals(is)
                && before != null
                && after != null
                && decimal(before).compareTo(decimal(after)) == 0;
    }

    private static BigDecimal decimal(Number number) {
        return new BigDecimal(number.toString());
    }

    private static Collection<String> values(@Nullable List<String> names) {
        return Stream.ofNullable(names).flatMap(List::stream).toList();
    }
}
