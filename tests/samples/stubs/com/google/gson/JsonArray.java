package com.google.gson;

public final class JsonArray extends JsonElement {}
