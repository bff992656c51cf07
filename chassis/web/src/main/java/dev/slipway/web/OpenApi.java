package dev.slipway.web;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the [OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.1) document from the routes. The same routes give the
/// same text, so that it can be kept under version control and compared.
final class OpenApi {
    private static final String BEARER = "bearer";
    private static final String REF = "#/components/schemas/";

    /// Schemas by name, in order.
    private final Map<String, Schema<?>> schemas = new TreeMap<>();

    /// Whose the names of schemas are. For the library an object is anything.
    private final Map<String, Class<?>> claimed = new HashMap<>(Map.of("Object", Object.class));

    private final ModelConverters converters = new ModelConverters(true);
    private final InputSchemas inputs = new InputSchemas(schemas);

    private OpenApi() {}

    /// @param version the one that is described
    static String of(String service, int version, Collection<Addressed> routes) {
        var described =
                routes.stream().filter(route -> route.version() == version).toList();
        return new OpenApi().document(service, version, described);
    }

    private String document(String service, int version, List<Addressed> routes) {
        var paths = new Paths();
        for (var route : routes) {
            var item = paths.computeIfAbsent(route.path(), path -> new PathItem());
            item.operation(PathItem.HttpMethod.valueOf(route.method()), operation(route));
        }
        schema(Problems.Document.class);
        routes.forEach(this::tighten);
        var components = new Components()
                .addSecuritySchemes(
                        BEARER,
                        new SecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .bearerFormat("JWT"));
        schemas.forEach(components::addSchemas);
        var document = new OpenAPI(SpecVersion.V31)
                .openapi("3.1.1")
                .info(new Info()
                        .title(service)
                        .description("Text is well-formed Unicode without U+0000; its length is counted in code points."
                                + " A path has one spelling: nothing is encoded that needs no encoding, and no parameter"
                                + " of it holds a slash, a backslash or a control character.")
                        .version(String.valueOf(version)))
                .paths(paths)
                .components(components);
        return Json31.pretty(document) + "\n";
    }

    private void tighten(Addressed route) {
        switch (route) {
            case Route<?, ?> unary -> {
                if (!unary.takesQuery()) {
                    inputs.tighten(unary.description().input());
                }
            }
            case StreamRoute<?, ?> stream -> inputs.tighten(stream.operation().item());
        }
    }

    private Operation operation(Addressed route) {
        var operation = new Operation()
                .operationId(route.name())
                .summary(route.description().about())
                .addTagsItem(tag(route))
                .responses(responses(route));
        var policy = route.policy();
        operation.addExtension("x-policy", policy.description());
        operation.security(policy.isPublic() ? List.of() : List.of(new SecurityRequirement().addList(BEARER)));
        parameters(route).forEach(operation::addParametersItem);
        switch (route) {
            case Route<?, ?> unary -> {
                if (unary.source() == Route.Source.BODY) {
                    operation.requestBody(
                            body("application/json", unary.description().input()));
                }
                if (unary.deprecation().isPresent()) {
                    operation.deprecated(true);
                    operation.addExtension(
                            "x-sunset", unary.deprecation().get().sunset().toString());
                }
            }
            case StreamRoute<?, ?> stream -> {
                if (stream.takesLines()) {
                    operation.requestBody(
                            body(StreamRoute.LINES, stream.operation().item()));
                }
            }
        }
        return operation;
    }

    private RequestBody body(String mediaType, Class<?> type) {
        return new RequestBody().required(true).content(json(mediaType, schema(type)));
    }

    /// The first part of the path as a type would be called: `gift-cards` is `GiftCards`.
    private static String tag(Addressed route) {
        return Arrays.stream(route.path().split("/")[2].split("-"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }

    private List<Parameter> parameters(Addressed route) {
        var description = route.description();
        var parameters = new ArrayList<Parameter>();
        for (var parameter : description.parameters()) {
            var schema = string();
            if (!parameter.schema().isEmpty()) {
                schema.format(parameter.schema());
            }
            parameters.add(new Parameter()
                    .in("path")
                    .name(parameter.name())
                    .description(parameter.about())
                    .required(true)
                    .schema(schema));
        }
        if (route.takesQuery()) {
            parameters.addAll(query(description.input()));
        }
        if (route instanceof Route<?, ?> && route.method().equals("GET") && description.answers()) {
            parameters.add(new Parameter()
                    .in("query")
                    .name("fields")
                    .description("Leaves out all other fields; their names joined by commas.")
                    .schema(string()));
        }
        if (description.conditional()) {
            parameters.add(header("If-Match", "The ETag of the version that you have seen, or `*`.", true));
        }
        if (description.idempotent()) {
            parameters.add(header("Idempotency-Key", "Repeating a request with its key gets the first answer.", false));
        }
        return parameters;
    }

    private List<Parameter> query(Class<?> type) {
        claimComponents(type);
        var resolved = converters.resolveAsResolvedSchema(new AnnotatedType(type).resolveAsRef(true));
        var named = new TreeMap<String, Schema<?>>();
        resolved.referencedSchemas.forEach((name, schema) -> named.put(name, schema));
        new InputSchemas(named).tighten(type);
        var record = named.remove(type.getSimpleName());
        named.forEach(schemas::putIfAbsent);
        if (record == null || record.getProperties() == null) {
            return List.of();
        }
        Set<String> required = record.getRequired() == null ? Set.of() : Set.copyOf(record.getRequired());
        var parameters = new ArrayList<Parameter>();
        record.getProperties()
                .forEach((name, schema) -> parameters.add(new Parameter()
                        .in("query")
                        .name(name)
                        .required(required.contains(name))
                        .description(schema.getDescription())
                        .schema(withoutNull(schema))));
        return parameters;
    }

    /// What stands in a query is never null.
    private static Schema<?> withoutNull(Schema<?> schema) {
        if (schema.getTypes() != null) {
            schema.setTypes(schema.getTypes().stream()
                    .filter(type -> !type.equals("null"))
                    .collect(Collectors.toCollection(LinkedHashSet::new)));
        }
        if (schema.getEnum() != null) {
            schema.getEnum().removeIf(value -> value == null);
        }
        return schema;
    }

    private static Parameter header(String name, String about, boolean required) {
        return new Parameter()
                .in("header")
                .name(name)
                .description(about)
                .required(required)
                .schema(string());
    }

    private ApiResponses responses(Addressed route) {
        var responses = new ApiResponses();
        var description = route.description();
        var status = route.success();
        var success = new ApiResponse().description(Phrases.of(status));
        if (description.answers()) {
            var answer = description.element().<Schema<?>>map(this::page).orElseGet(() -> schema(description.output()));
            success.content(json(mediaType(route), answer));
        }
        if (status == 201) {
            success.addHeaderObject(
                    "Location", new Header().description("The new resource.").schema(string()));
        }
        responses.addApiResponse(String.valueOf(status), success);
        Refusals.of(route)
                .forEach((kind, codes) -> responses.addApiResponse(
                        String.valueOf(ProblemStatus.code(kind)),
                        new ApiResponse()
                                .description(ProblemStatus.title(kind) + ": `" + String.join("`, `", codes) + "`")
                                .content(json(Problems.MEDIA_TYPE, reference(Problems.SCHEMA)))));
        return responses;
    }

    private static String mediaType(Addressed route) {
        return switch (route) {
            case Route<?, ?> unary -> "application/json";
            case StreamRoute<?, ?> stream -> stream.takesLines() ? StreamRoute.LINES : StreamRoute.EVENTS;
        };
    }

    private Schema<?> page(Class<?> element) {
        var name = element.getSimpleName() + "Page";
        var items = array(schema(element));
        var page = new Schema<Object>();
        page.types(Set.of("object"));
        page.addProperty("items", items);
        page.addProperty("next", string().description("The cursor of the following page; absent on the last."));
        page.required(List.of("items"));
        claim(name, element);
        schemas.put(name, page);
        return reference(name);
    }

    private Schema<?> schema(Class<?> type) {
        claim(type);
        var resolved = converters.resolveAsResolvedSchema(new AnnotatedType(type).resolveAsRef(true));
        resolved.referencedSchemas.forEach((name, schema) -> schemas.put(name, schema));
        return resolved.schema;
    }

    private void claim(Type type) {
        switch (type) {
            case ParameterizedType generic ->
                Stream.of(generic.getActualTypeArguments()).forEach(this::claim);
            case Class<?> array when array.isArray() -> claim(array.getComponentType());
            case Class<?> record
            when record.isRecord() -> {
                if (claim(record == Problems.Document.class ? Problems.SCHEMA : record.getSimpleName(), record)) {
                    claimComponents(record);
                }
            }
            default -> {}
        }
    }

    /// Schemas have the simple names of their records: of two with one name only one would stand in the document.
    ///
    /// @return whether it is new
    private boolean claim(String schema, Class<?> record) {
        var other = claimed.putIfAbsent(schema, record);
        if (other != null && other != record) {
            throw new IllegalStateException("the API has two schemas called %s, of %s and of %s; rename one"
                    .formatted(schema, other.getName(), record.getName()));
        }
        return other == null;
    }

    private void claimComponents(Class<?> record) {
        Stream.of(record.getRecordComponents()).forEach(component -> claim(component.getGenericType()));
    }

    private static Schema<?> string() {
        return new Schema<Object>().types(Set.of("string"));
    }

    private static Schema<?> array(Schema<?> items) {
        var array = new Schema<Object>();
        array.types(Set.of("array"));
        array.items(items);
        return array;
    }

    private static Schema<?> reference(String name) {
        return new Schema<Object>().$ref(REF + name);
    }

    private static Content json(String mediaType, Schema<?> schema) {
        return new Content().addMediaType(mediaType, new MediaType().schema(schema));
    }

    /// Descriptions of the statuses of success.
    private static final class Phrases {
        static String of(int status) {
            return switch (status) {
                case 200 -> "OK";
                case 201 -> "Created";
                case 202 -> "Accepted";
                case 204 -> "No content";
                default -> "Status " + status;
            };
        }
    }
}
