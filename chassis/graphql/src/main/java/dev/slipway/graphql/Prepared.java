package dev.slipway.graphql;

import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.language.OperationDefinition;
import java.util.List;
import java.util.Map;

/// A document that was read: its operations, or why it is refused.
sealed interface Prepared {

    record Refused(List<Failure> failures) implements Prepared {
        public Refused {
            failures = List.copyOf(failures);
        }
    }

    /// @param operations by name; that of an anonymous one is empty
    record Accepted(PreparsedDocumentEntry entry, Map<String, Step> operations) implements Prepared {
        public Accepted {
            operations = Map.copyOf(operations);
        }
    }

    /// One operation of a document.
    ///
    /// @param fields the names of its root fields
    /// @param calls how many of them call into the service
    /// @param batches whether anything in the document is loaded in batches
    record Step(OperationDefinition.Operation type, Cost cost, List<String> fields, int calls, boolean batches) {
        public Step {
            fields = List.copyOf(fields);
        }
    }
}
