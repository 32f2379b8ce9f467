package com.gocardless.http;

import java.util.List;

public class ListResponse<T> {
    public List<T> getItems() {
        return List.of();
    }
}
