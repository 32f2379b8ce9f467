package com.google.gson;

public final class JsonObject extends JsonElement {
    public boolean has(String name) {
        return false;
    }

    public JsonElement get(String name) {
        throw new UnsupportedOperationException();
    }

    public JsonArray getAsJsonArray(String name) {
        throw new UnsupportedOperationException();
    }
}
