package com.google.gson;

/** The shape of Gson as far as the samples use it. */
public final class JsonParser {
    public static JsonElement parseString(String text) {
        throw new UnsupportedOperationException();
    }
}
