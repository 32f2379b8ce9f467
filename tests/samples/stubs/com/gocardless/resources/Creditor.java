package com.gocardless.resources;

public class Creditor {
    public VerificationStatus getVerificationStatus() {
        return VerificationStatus.UNKNOWN;
    }

    public enum VerificationStatus {
        SUCCESSFUL,
        IN_REVIEW,
        ACTION_REQUIRED,
        UNKNOWN
    }
}
