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
    /// @param length of its text, in characters
    /// @param nodes of its tree
    record Accepted(PreparsedDocumentEntry entry, Map<String, Step> operations, int length, int nodes)
            implements Prepared {
        /// What a node and the rest take besides the text; measured, and rather too much.
        private static final int NODE = 300;

        private static final int ENTRY = 500;

        public Accepted {
            operations = Map.copyOf(operations);
        }

        /// About what it takes in memory.
        int bytes() {
            return (int) Math.min(ENTRY + (long) Character.BYTES * length + (long) NODE * nodes, Integer.MAX_VALUE);
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
