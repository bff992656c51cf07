package dev.slipway.web;

import java.util.Set;

/// An endpoint of what has an address in the API.
interface AddressedEndpoint extends RestAnswering {
    Addressed route();

    @Override
    default String name() {
        return route().name();
    }

    @Override
    default String path() {
        return route().path();
    }

    @Override
    default Set<Integer> statuses() {
        return Refusals.statuses(route());
    }
}
