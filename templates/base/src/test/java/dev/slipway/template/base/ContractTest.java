package dev.slipway.template.base;

import dev.slipway.testing.ContractSamples;
import dev.slipway.testing.ServiceContract;

class ContractTest extends ServiceContract {
    ContractTest() {
        super(
                new BaseApp(),
                new ContractSamples()
                        .authenticated("readWidget", "listWidgets")
                        .everything("admin")
                        .input("createWidget", "{\"name\": \"*\", \"description\": \"Green *\"}"));
    }
}
