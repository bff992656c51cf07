package dev.slipway.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import graphql.GraphQLError;
import graphql.ParseAndValidate;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.Node;
import graphql.language.OperationDefinition;
import graphql.language.SelectionSet;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import graphql.parser.ParserEnvironment;
import graphql.parser.ParserOptions;
import graphql.parser.exceptions.ParseCancelledException;
import graphql.schema.GraphQLSchema;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads documents: parsed within the token limit, held to its shape, validated, its cost worked out. Keeps those that are
/// served, within bounded memory, and the texts that clients registered by hash
/// ([automatic persisted queries](https://www.apollographql.com/docs/apollo-server/performance/apq)). Thread-safe.
final class Documents {
    private static final Logger LOG = LoggerFactory.getLogger(Documents.class);
    private static final Problem UNKNOWN_HASH =
            Problem.of(Kind.NOT_FOUND, "persisted-query-not-found", "PersistedQueryNotFound");
    private static final Problem WRONG_HASH =
            Problem.of(Kind.INVALID, "persisted-query-mismatch", "The hash is not that of the document.");
    private static final Problem NOT_ALLOWED =
            Problem.of(Kind.FORBIDDEN, "document-not-allowed", "This document is not among those that are served.");
    private static final Problem NO_DOCUMENT =
            Problem.of(Kind.INVALID, "graphql-no-document", "Send a document: query.");

    /// What an entry takes besides its text.
    private static final int HASH = 300;

    private final GraphQLSchema schema;
    private final GraphQlSettings settings;
    private final boolean introspection;
    private final Set<String> calls;
    private final Set<String> batches;
    private final Map<String, String> allowed;
    private final Set<String> allowedTexts;
    private final ParserOptions parsing;
    private final Cache<String, Prepared.Accepted> read;
    private final Cache<String, String> registered;

    /// @param calls the fields that call into the service, for example `Query.user`
    /// @param batches those that are loaded in batches
    /// @param allowed the service's own documents by hash
    Documents(
            GraphQLSchema schema,
            GraphQlSettings settings,
            boolean introspection,
            Set<String> calls,
            Set<String> batches,
            Map<String, String> allowed) {
        this.schema = schema;
        this.settings = settings;
        this.introspection = introspection;
        this.calls = Set.copyOf(calls);
        this.batches = new HashSet<>();
        batches.forEach(field -> this.batches.add(field.substring(field.indexOf('.') + 1)));
        this.allowed = Map.copyOf(allowed);
        this.allowedTexts = Set.copyOf(new HashSet<>(allowed.values()));
        this.parsing = ParserOptions.newParserOptions()
                .maxTokens(settings.maxTokens())
                .maxWhitespaceTokens(settings.maxTokens() * 10)
                .maxCharacters(settings.maxBodySize().intBytes())
                .maxRuleDepth(settings.maxDepth() * 10 + 200)
                .captureIgnoredChars(false)
                .captureLineComments(false)
                .readerTrackData(false)
                .redactTokenParserErrorMessages(true)
                .build();
        var memory = settings.documentCache().bytes();
        this.read = Caffeine.newBuilder()
                .maximumWeight(memory)
                .weigher((String text, Prepared.Accepted document) -> document.bytes())
                .build();
        this.registered = Caffeine.newBuilder()
                .maximumWeight(memory)
                .weigher((String hash, String text) -> HASH + Character.BYTES * text.length())
                .build();
    }

    /// The document that a command means.
    ///
    /// @throws ProblemException if it is not there or not allowed
    Prepared find(Command command) {
        var hash = command.hash();
        if (settings.documents() == GraphQlSettings.Documents.ALLOWED) {
            return read(allowed(command));
        }
        if (hash.isEmpty()) {
            return read(command.query().orElseThrow(NO_DOCUMENT::asException));
        }
        if (command.query().isEmpty()) {
            var text = allowed.getOrDefault(hash.get(), registered.getIfPresent(hash.get()));
            if (text == null) {
                throw UNKNOWN_HASH.asException();
            }
            return read(text);
        }
        var text = command.query().get();
        if (!hash(text).equals(hash.get())) {
            throw WRONG_HASH.asException();
        }
        var document = read(text);
        if (document instanceof Prepared.Accepted) {
            registered.put(hash.get(), text);
        }
        return document;
    }

    /// About what the documents that are kept take, in bytes.
    long kept() {
        return weight(read) + weight(registered);
    }

    private static long weight(Cache<?, ?> cache) {
        cache.cleanUp();
        return cache.policy().eviction().orElseThrow().weightedSize().orElse(0);
    }

    private String allowed(Command command) {
        if (command.query().isPresent()) {
            var text = command.query().get();
            if (!allowedTexts.contains(text)) {
                throw NOT_ALLOWED.asException();
            }
            return text;
        }
        var text = allowed.get(command.hash().orElseThrow(NO_DOCUMENT::asException));
        if (text == null) {
            throw NOT_ALLOWED.asException();
        }
        return text;
    }

    private Prepared read(String text) {
        var known = read.getIfPresent(text);
        if (known != null) {
            return known;
        }
        var now = prepare(text);
        if (now instanceof Prepared.Accepted accepted) {
            read.put(text, accepted);
        }
        return now;
    }

    private Prepared prepare(String text) {
        try {
            var document = Parser.parse(ParserEnvironment.newParserEnvironment()
                    .document(text)
                    .parserOptions(parsing)
                    .locale(Locale.ROOT)
                    .build());
            Shape.check(document, settings, introspection);
            var errors = validated(document);
            return errors.isEmpty()
                    ? accepted(text, document)
                    : new Prepared.Refused(errors.stream()
                            .map(error -> new Failure(
                                    Failure.invalid(Failure.VALIDATION, error.getMessage()),
                                    error.getLocations(),
                                    List.of()))
                            .toList());
        } catch (ParseCancelledException e) {
            return refused(Problem.of(Kind.INVALID, "graphql-too-long", "The document is longer than is served."));
        } catch (InvalidSyntaxException e) {
            var location = e.getLocation();
            var problem = Problem.of(Kind.INVALID, "graphql-parse-failed", "The document is not GraphQL.");
            return new Prepared.Refused(
                    List.of(new Failure(problem, location == null ? List.of() : List.of(location), List.of())));
        } catch (ProblemException e) {
            return refused(e.problem());
        }
    }

    /// A rule of the library may fail on a document that it did not foresee (`@skip` at the root of a subscription, with
    /// graphql-java 25.0): whatever depends on the document alone is no failure of the service.
    private List<? extends GraphQLError> validated(Document document) {
        try {
            return ParseAndValidate.validate(schema, document, Locale.ENGLISH);
        } catch (RuntimeException e) {
            LOG.debug("a document could not be validated", e);
            throw Problem.of(Kind.INVALID, Failure.VALIDATION, "The document cannot be validated.")
                    .asException();
        }
    }

    private static Prepared refused(Problem problem) {
        return new Prepared.Refused(List.of(Failure.of(problem)));
    }

    private Prepared accepted(String text, Document document) {
        var fragments = new HashMap<String, FragmentDefinition>();
        document.getDefinitionsOfType(FragmentDefinition.class)
                .forEach(fragment -> fragments.put(fragment.getName(), fragment));
        var batched = document.getDefinitions().stream().anyMatch(definition -> switch (definition) {
            case OperationDefinition operation -> usesBatch(operation.getSelectionSet());
            case FragmentDefinition fragment -> usesBatch(fragment.getSelectionSet());
            default -> false;
        });
        var steps = new HashMap<String, Prepared.Step>();
        for (var operation : document.getDefinitionsOfType(OperationDefinition.class)) {
            var roots = roots(operation.getSelectionSet(), fragments, new HashSet<>());
            var prefix = prefix(operation.getOperation());
            var cost = Cost.of(document, operation, schema, settings.listSize(), calls::contains);
            steps.put(
                    operation.getName() == null ? "" : operation.getName(),
                    new Prepared.Step(
                            operation.getOperation(),
                            cost,
                            roots.stream().distinct().toList(),
                            (int) roots.stream()
                                    .filter(name -> calls.contains(prefix + name))
                                    .count(),
                            batched));
        }
        return new Prepared.Accepted(new PreparsedDocumentEntry(document), steps, text.length(), nodes(document));
    }

    private static int nodes(Node<?> node) {
        return 1 + node.getChildren().stream().mapToInt(Documents::nodes).sum();
    }

    private static String prefix(OperationDefinition.Operation type) {
        return switch (type) {
            case QUERY -> "Query.";
            case MUTATION -> "Mutation.";
            case SUBSCRIPTION -> "Subscription.";
        };
    }

    private boolean usesBatch(@Nullable SelectionSet set) {
        return set != null
                && set.getSelections().stream().anyMatch(selection -> switch (selection) {
                    case Field field -> batches.contains(field.getName()) || usesBatch(field.getSelectionSet());
                    case InlineFragment inline -> usesBatch(inline.getSelectionSet());
                    default -> false;
                });
    }

    /// The names of the root fields; a fragment counts once, however often it is used.
    private static List<String> roots(SelectionSet set, Map<String, FragmentDefinition> fragments, Set<String> seen) {
        return set.getSelections().stream()
                .flatMap(selection -> switch (selection) {
                    case Field field -> Stream.of(field.getName());
                    case InlineFragment inline -> roots(inline.getSelectionSet(), fragments, seen).stream();
                    case FragmentSpread spread
                    when seen.add(spread.getName()) -> roots(fragments.get(spread.getName()), fragments, seen).stream();
                    default -> Stream.<String>empty();
                })
                .toList();
    }

    private static List<String> roots(
            @Nullable FragmentDefinition fragment, Map<String, FragmentDefinition> fragments, Set<String> seen) {
        return fragment == null ? List.of() : roots(fragment.getSelectionSet(), fragments, seen);
    }

    static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
