package dev.slipway.shop.user;

import dev.slipway.testing.ContractSamples;
import dev.slipway.testing.ServiceContract;

class ContractTest extends ServiceContract {
    ContractTest() {
        super(
                new UserApp(),
                new ContractSamples()
                        .subjectIs("id", "readProfile")
                        .role("support", "readProfile", "listProfiles")
                        .role("customer")
                        .everything("admin")
                        .input("createProfile", """
                        {"email": "*@example.com", "displayName": "Ann *", "locale": "de-CH", "status": "suspended"}
                        """)
                        .also(
                                "createProfile",
                                "what is not said",
                                "{\"email\": \"*@example.com\", \"displayName\": \"Ann\"}")
                        .also("listProfiles", "of an address", "{\"email\": \"*-1@EXAMPLE.com\"}")
                        .wrong("createProfile", "an address that is none", "/email", "nobody")
                        .wrong("createProfile", "an address of no domain", "/email", "nobody@localhost")
                        .field("createProfile", "createUser")
                        .field("readProfile", "user")
                        .field("listProfiles", "users")
                        .field("changeProfile", "changeUser")
                        .field("deleteProfile", "deleteUser"));
    }
}
