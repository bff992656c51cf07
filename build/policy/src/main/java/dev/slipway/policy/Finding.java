package dev.slipway.policy;

/// One breach of a rule.
///
/// @param where full name of the class or package at fault, which a waiver can name
/// @param what a sentence for the developer
record Finding(String where, String what) {}
