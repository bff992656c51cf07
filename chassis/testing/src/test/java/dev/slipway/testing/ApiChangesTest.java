package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each rule is shown a change that breaks it, and that alone.
class ApiChangesTest {
    private static final String KEPT = """
            {"openapi": "3.1.1", "info": {"title": "ships", "version": "1"}, "paths": {
              "/v1/ships": {
                "get": {"parameters": [
                    {"name": "flag", "in": "query", "schema": {"type": "string", "maxLength": 3}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "format": "int32", "maximum": 100}}],
                  "responses": {
                    "200": {"description": "OK", "content": {
                      "application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Ship"}}}}},
                    "429": {"description": "Too many"}}},
                "post": {"requestBody": {"required": true, "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/ShipInput"}},
                    "application/x-ndjson": {"schema": {"$ref": "#/components/schemas/ShipInput"}}}},
                  "security": [{"bearer": []}],
                  "responses": {"201": {"description": "Created", "headers": {"Location": {"schema": {"type": "string"}}},
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ship"}},
                                "text/plain": {"schema": {"type": "string"}}}}}}},
              "/v1/ships/{id}": {
                "delete": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                  "responses": {"204": {"description": "Gone"}}}}},
             "components": {"securitySchemes": {
                 "bearer": {"type": "http", "scheme": "bearer"}, "mtls": {"type": "http", "scheme": "mutual"}},
               "schemas": {
               "Ship": {"type": "object", "required": ["id"], "properties": {
                 "id": {"type": "string", "format": "uuid"},
                 "tons": {"type": "number", "minimum": 1.5},
                 "rig": {"type": "string", "enum": ["barque", "brig"]},
                 "tender": {"$ref": "#/components/schemas/Ship"}}},
               "ShipInput": {"type": "object", "required": ["name"], "properties": {
                 "name": {"type": "string", "minLength": 1, "maxLength": 60, "pattern": "[A-Z].*"},
                 "mast": {"type": ["integer", "null"], "minimum": 1, "maximum": 7},
                 "draught": {"type": "number", "exclusiveMinimum": 0.5},
                 "crew": {"type": "array", "items": {"type": "string"}},
                 "rigged": {"type": "string", "enum": ["square", "lateen"]}}}}}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"/v1/ships/{id}\"|\"/v1/boats/{id}\"|DELETE /v1/ships/{id}: the operation is gone",
                "\"delete\"|\"put\"|DELETE /v1/ships/{id}: the operation is gone",
                "\"201\"|\"202\"|POST /v1/ships: status 201 is gone",
                "\"204\"|\"404\"|DELETE /v1/ships/{id}: status 204 is gone",
                "\"tons\"|\"weight\"|GET /v1/ships answer 200[]: tons is gone",
                "\"tons\": {\"type\": \"number\"|\"tons\": {\"type\": \"string\"|POST /v1/ships answer 201.tons: type was number",
                "\"uuid\"|\"uri\"|GET /v1/ships answer 200[].id: format was uuid and is uri",
                "\"string\", \"format\": \"uuid\"|\"string\"|GET /v1/ships answer 200[].id: format was uuid and is open",
                "\"string\", \"format\": \"uuid\"|[\"string\", \"null\"], \"format\": \"uuid\"|answer 201.id: may be null",
                "\"required\": [\"id\"], |``|POST /v1/ships answer 201.id: was always there and may be absent",
                "\"Location\"|\"Link\"|POST /v1/ships answer 201: header Location is gone",
                "\"text/plain\"|\"text/html\"|POST /v1/ships answer 201: media type text/plain is gone",
                "\"application/x-ndjson\"|\"text/csv\"|POST /v1/ships request: media type application/x-ndjson is gone",
                "[\"name\"]|[\"name\", \"crew\"]|POST /v1/ships request.crew: must be given",
                "[\"name\"]|[\"name\", \"sail\"]|POST /v1/ships request.sail: must be given",
                "\"crew\"|\"hands\"|POST /v1/ships request: crew is gone",
                "\"crew\": {\"type\": \"array\"|\"crew\": {\"type\": \"object\"|POST /v1/ships request.crew: type was array and is object",
                "\"items\": {\"type\": \"string\"}|\"items\": {\"type\": \"integer\"}|request.crew[]: type was string and is integer",
                "\"crew\": {|\"crew\": {\"maxItems\": 5, |POST /v1/ships request.crew: maxItems was open and is 5",
                "\"crew\": {|\"crew\": {\"minItems\": 1, |POST /v1/ships request.crew: minItems was open and is 1",
                "\"minLength\": 1|\"minLength\": 2|POST /v1/ships request.name: minLength was 1 and is 2",
                "\"maxLength\": 60|\"maxLength\": 59|POST /v1/ships request.name: maxLength was 60 and is 59",
                "[A-Z].*|[A-Z]+|POST /v1/ships request.name: pattern was [A-Z].* and is [A-Z]+",
                "\"minimum\": 1, \"maximum\": 7|\"minimum\": 2, \"maximum\": 7|POST /v1/ships request.mast: minimum was 1 and is 2",
                "\"maximum\": 7|\"maximum\": 6.5|POST /v1/ships request.mast: maximum was 7 and is 6.5",
                "\"maximum\": 7|\"exclusiveMaximum\": 7|POST /v1/ships request.mast: maximum itself",
                "\"minimum\": 1,|\"exclusiveMinimum\": 1,|POST /v1/ships request.mast: minimum itself",
                "\"exclusiveMinimum\": 0.5|\"exclusiveMinimum\": 1|POST /v1/ships request.draught: minimum was 0.5 and is 1",
                "[\"integer\", \"null\"]|\"integer\"|POST /v1/ships request.mast: may no longer be null",
                "[\"square\", \"lateen\"]|[\"square\"]|POST /v1/ships request.rigged: enum was [square, lateen] and is [square]",
                "\"crew\": {\"type\": \"array\", \"items\": {|\"crew\": {\"type\": \"array\", \"items\": {\"enum\": [\"ann\"], |request.crew[]: enum",
                "\"name\": \"flag\"|\"name\": \"nation\"|GET /v1/ships: query parameter flag is gone",
                "\"name\": \"flag\", |\"name\": \"flag\", \"required\": true, |GET /v1/ships query parameter flag: must be given",
                "\"parameters\": [{|\"parameters\": [{\"name\": \"x\", \"in\": \"query\", \"required\": true}, {|query parameter x is new and must be given",
                "\"type\": \"integer\", \"format\": \"int32\"|\"type\": \"string\"|GET /v1/ships query parameter limit: type was integer",
                "\"maximum\": 100|\"maximum\": 99|GET /v1/ships query parameter limit: maximum was 100 and is 99",
                "\"get\": {|\"get\": {\"security\": [{\"bearer\": []}], |GET /v1/ships: asks for",
                "[{\"bearer\": []}]|[{\"mtls\": []}]|POST /v1/ships: asks for",
                "\"delete\": {|\"delete\": {\"requestBody\": {\"required\": true, \"content\": {}}, |DELETE /v1/ships/{id}: the body must be given",
            })
    void a_change_that_breaks_clients_is_found(String from, String to, String finding) {
        assertThat(KEPT).contains(from);

        assertThat(ApiChanges.breakages(KEPT, KEPT.replace(from, to)))
                .anySatisfy(found -> assertThat(found).contains(finding));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"paths\": {|\"paths\": {\"/v1/ports\": {\"get\": {\"responses\": {\"200\": {\"description\": \"OK\"}}}}, ",
                "\"crew\": {|\"sail\": {\"type\": \"string\"}, \"crew\": {",
                "\"tons\": {|\"sail\": {\"type\": \"string\"}, \"tons\": {",
                "\"parameters\": [{|\"parameters\": [{\"name\": \"x\", \"in\": \"query\", \"schema\": {\"type\": \"string\"}}, {",
                "\"OK\"|\"Ships, by name\"",
                "\"429\"|\"503\"",
                "\"required\": [\"name\"], |``",
                "\"maxLength\": 60|\"maxLength\": 61",
                "\"maxLength\": 3|\"minLength\": 0",
                "\"minLength\": 1|\"minLength\": 0",
                ", \"pattern\": \"[A-Z].*\"|``",
                "\"exclusiveMinimum\": 0.5|\"minimum\": 0.5",
                "\"minimum\": 1.5|\"minimum\": 0",
                "\"maximum\": 7|\"maximum\": 10.5",
                "[\"square\", \"lateen\"]|[\"square\", \"lateen\", \"gaff\"]",
                "[\"barque\", \"brig\"]|[\"barque\", \"brig\", \"sloop\"]",
                "\"security\": [{\"bearer\": []}],|``",
                "\"security\": [{\"bearer\": []}]|\"security\": [{\"bearer\": []}, {\"mtls\": []}]",
            })
    void a_change_that_breaks_nobody_is_allowed(String from, String to) {
        assertThat(KEPT).contains(from);

        assertThat(ApiChanges.breakages(KEPT, KEPT.replace(from, to))).isEmpty();
    }

    @Test
    void what_is_no_document_is_refused() {
        assertThatThrownBy(() -> ApiChanges.breakages("{", "{}")).hasMessageContaining("no OpenAPI document");
    }
}
