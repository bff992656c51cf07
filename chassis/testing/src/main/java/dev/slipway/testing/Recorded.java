package dev.slipway.testing;

import java.util.List;

/// A speaker whose questions and answers are written down, so that a test that fails can show them.
record Recorded(Speaker speaker, List<String> record) implements Speaker {

    @Override
    public String protocol() {
        return speaker.protocol();
    }

    @Override
    public boolean knows(String operation) {
        return speaker.knows(operation);
    }

    @Override
    public Answer ask(Question question) throws Exception {
        var answer = speaker.ask(question);
        record.add("%s was asked: %s%n    and answered: %s".formatted(protocol(), question, answer));
        return answer;
    }
}
