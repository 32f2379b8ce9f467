package com.gocardless.services;

import com.gocardless.http.ListResponse;
import com.gocardless.resources.Creditor;

public class CreditorService {
    public CreditorListRequest<ListResponse<Creditor>> list() {
        return new CreditorListRequest<>();
    }

    public static class CreditorListRequest<S> {
        public CreditorListRequest<S> withLimit(Integer limit) {
            return this;
        }

        public S execute() {
            throw new UnsupportedOperationException();
        }
    }
}
