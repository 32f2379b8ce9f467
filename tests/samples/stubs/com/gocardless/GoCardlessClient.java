package com.gocardless;

import com.gocardless.services.CreditorService;

/** The shape of the official client as far as the samples use it, so that they can be compiled without it. */
public class GoCardlessClient {
    public static Builder newBuilder(String accessToken) {
        return new Builder();
    }

    public CreditorService creditors() {
        return new CreditorService();
    }

    public static class Builder {
        public Builder withBaseUrl(String baseUrl) {
            return this;
        }

        public GoCardlessClient build() {
            return new GoCardlessClient();
        }
    }
}
