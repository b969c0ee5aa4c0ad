/** The report of `verify`. */
import * as z from 'zod';
export declare const verdict: z.ZodEnum<{
    invalid: "invalid";
    "not-signed": "not-signed";
    "not-trusted": "not-trusted";
    skipped: "skipped";
    unchecked: "unchecked";
    verified: "verified";
}>;
export declare const trustPolicy: z.ZodObject<{
    path: z.ZodString;
    statement: z.ZodString;
    scope: z.ZodString;
    level: z.ZodEnum<{
        audit: "audit";
        permissive: "permissive";
        skip: "skip";
        strict: "strict";
    }>;
    enforcement: z.ZodObject<{
        integrity: z.ZodEnum<{
            enforce: "enforce";
            log: "log";
            skip: "skip";
        }>;
        authenticity: z.ZodEnum<{
            enforce: "enforce";
            log: "log";
            skip: "skip";
        }>;
        authenticTimestamp: z.ZodEnum<{
            enforce: "enforce";
            log: "log";
            skip: "skip";
        }>;
        expiry: z.ZodEnum<{
            enforce: "enforce";
            log: "log";
            skip: "skip";
        }>;
        revocation: z.ZodEnum<{
            enforce: "enforce";
            log: "log";
            skip: "skip";
        }>;
    }, z.core.$strip>;
}, z.core.$strip>;
export declare const manifestVerdict: z.ZodObject<{
    verdict: z.ZodEnum<{
        invalid: "invalid";
        "not-signed": "not-signed";
        "not-trusted": "not-trusted";
        skipped: "skipped";
        unchecked: "unchecked";
        verified: "verified";
    }>;
    reason: z.ZodExactOptional<z.ZodString>;
    referrer: z.ZodExactOptional<z.ZodString>;
    byIndex: z.ZodExactOptional<z.ZodLiteral<true>>;
}, z.core.$strip>;
export declare const notarySignature: z.ZodObject<{
    referrer: z.ZodString;
    verdict: z.ZodEnum<{
        invalid: "invalid";
        "not-signed": "not-signed";
        "not-trusted": "not-trusted";
        skipped: "skipped";
        unchecked: "unchecked";
        verified: "verified";
    }>;
    reason: z.ZodExactOptional<z.ZodString>;
    format: z.ZodExactOptional<z.ZodEnum<{
        cose: "cose";
        jws: "jws";
    }>>;
    signer: z.ZodExactOptional<z.ZodObject<{
        subject: z.ZodString;
        issuer: z.ZodString;
        fingerprint: z.ZodString;
        keyType: z.ZodString;
        notBefore: z.ZodString;
        notAfter: z.ZodString;
    }, z.core.$strip>>;
    signedAt: z.ZodExactOptional<z.ZodString>;
    authenticTime: z.ZodExactOptional<z.ZodString>;
    expiry: z.ZodExactOptional<z.ZodString>;
    agent: z.ZodExactOptional<z.ZodString>;
    metadata: z.ZodExactOptional<z.ZodRecord<z.ZodString, z.ZodString>>;
    notes: z.ZodArray<z.ZodString>;
}, z.core.$strip>;
export declare const profileVerdict: z.ZodObject<{
    profile: z.ZodEnum<{
        containerd: "containerd";
        "containerd-cache": "containerd-cache";
        "containerd-tar-index": "containerd-tar-index";
    }>;
    verdict: z.ZodEnum<{
        invalid: "invalid";
        "not-signed": "not-signed";
        "not-trusted": "not-trusted";
        skipped: "skipped";
        unchecked: "unchecked";
        verified: "verified";
    }>;
    reason: z.ZodExactOptional<z.ZodString>;
    referrer: z.ZodExactOptional<z.ZodString>;
}, z.core.$strip>;
export declare const layerVerdict: z.ZodObject<{
    index: z.ZodInt;
    digest: z.ZodString;
    verdict: z.ZodEnum<{
        invalid: "invalid";
        "not-signed": "not-signed";
        "not-trusted": "not-trusted";
        skipped: "skipped";
        unchecked: "unchecked";
        verified: "verified";
    }>;
    reason: z.ZodExactOptional<z.ZodString>;
    rootHash: z.ZodString;
    signatureDigest: z.ZodString;
    recomputedRootHash: z.ZodExactOptional<z.ZodString>;
    sharedFrom: z.ZodExactOptional<z.ZodString>;
}, z.core.$strip>;
export declare const signatureSet: z.ZodObject<{
    referrer: z.ZodString;
    verdict: z.ZodEnum<{
        invalid: "invalid";
        "not-signed": "not-signed";
        "not-trusted": "not-trusted";
        skipped: "skipped";
        unchecked: "unchecked";
        verified: "verified";
    }>;
    reason: z.ZodExactOptional<z.ZodString>;
    profile: z.ZodExactOptional<z.ZodEnum<{
        containerd: "containerd";
        "containerd-cache": "containerd-cache";
        "containerd-tar-index": "containerd-tar-index";
    }>>;
    mkfsOptions: z.ZodExactOptional<z.ZodString>;
    erofsUtils: z.ZodExactOptional<z.ZodObject<{
        version: z.ZodExactOptional<z.ZodString>;
        class: z.ZodExactOptional<z.ZodEnum<{
            A: "A";
            B: "B";
            C: "C";
            unknown: "unknown";
        }>>;
    }, z.core.$strip>>;
    signers: z.ZodArray<z.ZodObject<{
        subject: z.ZodString;
        issuer: z.ZodString;
        fingerprint: z.ZodString;
        keyType: z.ZodString;
        notBefore: z.ZodString;
        notAfter: z.ZodString;
    }, z.core.$strip>>;
    layers: z.ZodArray<z.ZodObject<{
        index: z.ZodInt;
        digest: z.ZodString;
        verdict: z.ZodEnum<{
            invalid: "invalid";
            "not-signed": "not-signed";
            "not-trusted": "not-trusted";
            skipped: "skipped";
            unchecked: "unchecked";
            verified: "verified";
        }>;
        reason: z.ZodExactOptional<z.ZodString>;
        rootHash: z.ZodString;
        signatureDigest: z.ZodString;
        recomputedRootHash: z.ZodExactOptional<z.ZodString>;
        sharedFrom: z.ZodExactOptional<z.ZodString>;
    }, z.core.$strip>>;
    notes: z.ZodArray<z.ZodString>;
}, z.core.$strip>;
export declare const platformVerdict: z.ZodObject<{
    platform: z.ZodExactOptional<z.ZodString>;
    manifest: z.ZodObject<{
        mediaType: z.ZodString;
        digest: z.ZodString;
        size: z.ZodInt;
    }, z.core.$strip>;
    verdict: z.ZodEnum<{
        invalid: "invalid";
        "not-signed": "not-signed";
        "not-trusted": "not-trusted";
        skipped: "skipped";
        unchecked: "unchecked";
        verified: "verified";
    }>;
    reason: z.ZodExactOptional<z.ZodString>;
    profiles: z.ZodArray<z.ZodObject<{
        profile: z.ZodEnum<{
            containerd: "containerd";
            "containerd-cache": "containerd-cache";
            "containerd-tar-index": "containerd-tar-index";
        }>;
        verdict: z.ZodEnum<{
            invalid: "invalid";
            "not-signed": "not-signed";
            "not-trusted": "not-trusted";
            skipped: "skipped";
            unchecked: "unchecked";
            verified: "verified";
        }>;
        reason: z.ZodExactOptional<z.ZodString>;
        referrer: z.ZodExactOptional<z.ZodString>;
    }, z.core.$strip>>;
    signatures: z.ZodArray<z.ZodObject<{
        referrer: z.ZodString;
        verdict: z.ZodEnum<{
            invalid: "invalid";
            "not-signed": "not-signed";
            "not-trusted": "not-trusted";
            skipped: "skipped";
            unchecked: "unchecked";
            verified: "verified";
        }>;
        reason: z.ZodExactOptional<z.ZodString>;
        profile: z.ZodExactOptional<z.ZodEnum<{
            containerd: "containerd";
            "containerd-cache": "containerd-cache";
            "containerd-tar-index": "containerd-tar-index";
        }>>;
        mkfsOptions: z.ZodExactOptional<z.ZodString>;
        erofsUtils: z.ZodExactOptional<z.ZodObject<{
            version: z.ZodExactOptional<z.ZodString>;
            class: z.ZodExactOptional<z.ZodEnum<{
                A: "A";
                B: "B";
                C: "C";
                unknown: "unknown";
            }>>;
        }, z.core.$strip>>;
        signers: z.ZodArray<z.ZodObject<{
            subject: z.ZodString;
            issuer: z.ZodString;
            fingerprint: z.ZodString;
            keyType: z.ZodString;
            notBefore: z.ZodString;
            notAfter: z.ZodString;
        }, z.core.$strip>>;
        layers: z.ZodArray<z.ZodObject<{
            index: z.ZodInt;
            digest: z.ZodString;
            verdict: z.ZodEnum<{
                invalid: "invalid";
                "not-signed": "not-signed";
                "not-trusted": "not-trusted";
                skipped: "skipped";
                unchecked: "unchecked";
                verified: "verified";
            }>;
            reason: z.ZodExactOptional<z.ZodString>;
            rootHash: z.ZodString;
            signatureDigest: z.ZodString;
            recomputedRootHash: z.ZodExactOptional<z.ZodString>;
            sharedFrom: z.ZodExactOptional<z.ZodString>;
        }, z.core.$strip>>;
        notes: z.ZodArray<z.ZodString>;
    }, z.core.$strip>>;
    skippedLayers: z.ZodArray<z.ZodObject<{
        index: z.ZodInt;
        digest: z.ZodString;
        mediaType: z.ZodString;
        reason: z.ZodString;
    }, z.core.$strip>>;
    layersLeftOut: z.ZodExactOptional<z.ZodString>;
    manifestSignature: z.ZodExactOptional<z.ZodObject<{
        verdict: z.ZodEnum<{
            invalid: "invalid";
            "not-signed": "not-signed";
            "not-trusted": "not-trusted";
            skipped: "skipped";
            unchecked: "unchecked";
            verified: "verified";
        }>;
        reason: z.ZodExactOptional<z.ZodString>;
        referrer: z.ZodExactOptional<z.ZodString>;
        byIndex: z.ZodExactOptional<z.ZodLiteral<true>>;
    }, z.core.$strip>>;
    manifestSignatures: z.ZodArray<z.ZodObject<{
        referrer: z.ZodString;
        verdict: z.ZodEnum<{
            invalid: "invalid";
            "not-signed": "not-signed";
            "not-trusted": "not-trusted";
            skipped: "skipped";
            unchecked: "unchecked";
            verified: "verified";
        }>;
        reason: z.ZodExactOptional<z.ZodString>;
        format: z.ZodExactOptional<z.ZodEnum<{
            cose: "cose";
            jws: "jws";
        }>>;
        signer: z.ZodExactOptional<z.ZodObject<{
            subject: z.ZodString;
            issuer: z.ZodString;
            fingerprint: z.ZodString;
            keyType: z.ZodString;
            notBefore: z.ZodString;
            notAfter: z.ZodString;
        }, z.core.$strip>>;
        signedAt: z.ZodExactOptional<z.ZodString>;
        authenticTime: z.ZodExactOptional<z.ZodString>;
        expiry: z.ZodExactOptional<z.ZodString>;
        agent: z.ZodExactOptional<z.ZodString>;
        metadata: z.ZodExactOptional<z.ZodRecord<z.ZodString, z.ZodString>>;
        notes: z.ZodArray<z.ZodString>;
    }, z.core.$strip>>;
}, z.core.$strip>;
export declare const verifyReport: z.ZodObject<{
    schemaVersion: z.ZodLiteral<1>;
    tool: z.ZodObject<{
        name: z.ZodString;
        version: z.ZodString;
    }, z.core.$strip>;
    verdict: z.ZodEnum<{
        invalid: "invalid";
        "not-signed": "not-signed";
        "not-trusted": "not-trusted";
        skipped: "skipped";
        unchecked: "unchecked";
        verified: "verified";
    }>;
    reason: z.ZodExactOptional<z.ZodString>;
    image: z.ZodObject<{
        reference: z.ZodString;
        name: z.ZodExactOptional<z.ZodString>;
        digest: z.ZodExactOptional<z.ZodString>;
        mediaType: z.ZodExactOptional<z.ZodString>;
    }, z.core.$strip>;
    recompute: z.ZodBoolean;
    strict: z.ZodBoolean;
    validAt: z.ZodString;
    trustPolicy: z.ZodExactOptional<z.ZodObject<{
        path: z.ZodString;
        statement: z.ZodString;
        scope: z.ZodString;
        level: z.ZodEnum<{
            audit: "audit";
            permissive: "permissive";
            skip: "skip";
            strict: "strict";
        }>;
        enforcement: z.ZodObject<{
            integrity: z.ZodEnum<{
                enforce: "enforce";
                log: "log";
                skip: "skip";
            }>;
            authenticity: z.ZodEnum<{
                enforce: "enforce";
                log: "log";
                skip: "skip";
            }>;
            authenticTimestamp: z.ZodEnum<{
                enforce: "enforce";
                log: "log";
                skip: "skip";
            }>;
            expiry: z.ZodEnum<{
                enforce: "enforce";
                log: "log";
                skip: "skip";
            }>;
            revocation: z.ZodEnum<{
                enforce: "enforce";
                log: "log";
                skip: "skip";
            }>;
        }, z.core.$strip>;
    }, z.core.$strip>>;
    builder: z.ZodExactOptional<z.ZodDiscriminatedUnion<[z.ZodObject<{
        kind: z.ZodLiteral<"mkfs">;
        version: z.ZodString;
        class: z.ZodEnum<{
            A: "A";
            B: "B";
            C: "C";
            unknown: "unknown";
        }>;
        path: z.ZodString;
        privilege: z.ZodEnum<{
            root: "root";
            sudo: "sudo";
            "user-namespace": "user-namespace";
        }>;
        crossCheck: z.ZodExactOptional<z.ZodObject<{
            kind: z.ZodLiteral<"native">;
            classes: z.ZodReadonly<z.ZodArray<z.ZodEnum<{
                A: "A";
                B: "B";
                C: "C";
            }>>>;
        }, z.core.$strip>>;
    }, z.core.$strip>, z.ZodObject<{
        kind: z.ZodLiteral<"native">;
        classes: z.ZodReadonly<z.ZodArray<z.ZodEnum<{
            A: "A";
            B: "B";
            C: "C";
        }>>>;
        crossCheck: z.ZodExactOptional<z.ZodObject<{
            kind: z.ZodLiteral<"mkfs">;
            version: z.ZodString;
            class: z.ZodEnum<{
                A: "A";
                B: "B";
                C: "C";
                unknown: "unknown";
            }>;
            path: z.ZodString;
            privilege: z.ZodEnum<{
                root: "root";
                sudo: "sudo";
                "user-namespace": "user-namespace";
            }>;
        }, z.core.$strip>>;
    }, z.core.$strip>], "kind">>;
    tools: z.ZodExactOptional<z.ZodObject<{
        confinement: z.ZodObject<{
            noNewPrivileges: z.ZodBoolean;
            capabilities: z.ZodEnum<{
                all: "all";
                dac_override: "dac_override";
                none: "none";
            }>;
            network: z.ZodBoolean;
            pidNamespace: z.ZodBoolean;
            filesystem: z.ZodEnum<{
                "own view": "own view";
                whole: "whole";
            }>;
            user: z.ZodEnum<{
                caller: "caller";
                nobody: "nobody";
            }>;
            limits: z.ZodExactOptional<z.ZodObject<{
                memory: z.ZodInt;
                processorSeconds: z.ZodInt;
                fileSize: z.ZodInt;
                processes: z.ZodExactOptional<z.ZodInt>;
            }, z.core.$strip>>;
        }, z.core.$strip>;
    }, z.core.$strip>>;
    oras: z.ZodExactOptional<z.ZodString>;
    index: z.ZodExactOptional<z.ZodObject<{
        manifest: z.ZodObject<{
            mediaType: z.ZodString;
            digest: z.ZodString;
            size: z.ZodInt;
        }, z.core.$strip>;
        verdict: z.ZodEnum<{
            invalid: "invalid";
            "not-signed": "not-signed";
            "not-trusted": "not-trusted";
            skipped: "skipped";
            unchecked: "unchecked";
            verified: "verified";
        }>;
        reason: z.ZodExactOptional<z.ZodString>;
        manifestSignature: z.ZodObject<{
            verdict: z.ZodEnum<{
                invalid: "invalid";
                "not-signed": "not-signed";
                "not-trusted": "not-trusted";
                skipped: "skipped";
                unchecked: "unchecked";
                verified: "verified";
            }>;
            reason: z.ZodExactOptional<z.ZodString>;
            referrer: z.ZodExactOptional<z.ZodString>;
            byIndex: z.ZodExactOptional<z.ZodLiteral<true>>;
        }, z.core.$strip>;
        manifestSignatures: z.ZodArray<z.ZodObject<{
            referrer: z.ZodString;
            verdict: z.ZodEnum<{
                invalid: "invalid";
                "not-signed": "not-signed";
                "not-trusted": "not-trusted";
                skipped: "skipped";
                unchecked: "unchecked";
                verified: "verified";
            }>;
            reason: z.ZodExactOptional<z.ZodString>;
            format: z.ZodExactOptional<z.ZodEnum<{
                cose: "cose";
                jws: "jws";
            }>>;
            signer: z.ZodExactOptional<z.ZodObject<{
                subject: z.ZodString;
                issuer: z.ZodString;
                fingerprint: z.ZodString;
                keyType: z.ZodString;
                notBefore: z.ZodString;
                notAfter: z.ZodString;
            }, z.core.$strip>>;
            signedAt: z.ZodExactOptional<z.ZodString>;
            authenticTime: z.ZodExactOptional<z.ZodString>;
            expiry: z.ZodExactOptional<z.ZodString>;
            agent: z.ZodExactOptional<z.ZodString>;
            metadata: z.ZodExactOptional<z.ZodRecord<z.ZodString, z.ZodString>>;
            notes: z.ZodArray<z.ZodString>;
        }, z.core.$strip>>;
    }, z.core.$strip>>;
    platforms: z.ZodArray<z.ZodObject<{
        platform: z.ZodExactOptional<z.ZodString>;
        manifest: z.ZodObject<{
            mediaType: z.ZodString;
            digest: z.ZodString;
            size: z.ZodInt;
        }, z.core.$strip>;
        verdict: z.ZodEnum<{
            invalid: "invalid";
            "not-signed": "not-signed";
            "not-trusted": "not-trusted";
            skipped: "skipped";
            unchecked: "unchecked";
            verified: "verified";
        }>;
        reason: z.ZodExactOptional<z.ZodString>;
        profiles: z.ZodArray<z.ZodObject<{
            profile: z.ZodEnum<{
                containerd: "containerd";
                "containerd-cache": "containerd-cache";
                "containerd-tar-index": "containerd-tar-index";
            }>;
            verdict: z.ZodEnum<{
                invalid: "invalid";
                "not-signed": "not-signed";
                "not-trusted": "not-trusted";
                skipped: "skipped";
                unchecked: "unchecked";
                verified: "verified";
            }>;
            reason: z.ZodExactOptional<z.ZodString>;
            referrer: z.ZodExactOptional<z.ZodString>;
        }, z.core.$strip>>;
        signatures: z.ZodArray<z.ZodObject<{
            referrer: z.ZodString;
            verdict: z.ZodEnum<{
                invalid: "invalid";
                "not-signed": "not-signed";
                "not-trusted": "not-trusted";
                skipped: "skipped";
                unchecked: "unchecked";
                verified: "verified";
            }>;
            reason: z.ZodExactOptional<z.ZodString>;
            profile: z.ZodExactOptional<z.ZodEnum<{
                containerd: "containerd";
                "containerd-cache": "containerd-cache";
                "containerd-tar-index": "containerd-tar-index";
            }>>;
            mkfsOptions: z.ZodExactOptional<z.ZodString>;
            erofsUtils: z.ZodExactOptional<z.ZodObject<{
                version: z.ZodExactOptional<z.ZodString>;
                class: z.ZodExactOptional<z.ZodEnum<{
                    A: "A";
                    B: "B";
                    C: "C";
                    unknown: "unknown";
                }>>;
            }, z.core.$strip>>;
            signers: z.ZodArray<z.ZodObject<{
                subject: z.ZodString;
                issuer: z.ZodString;
                fingerprint: z.ZodString;
                keyType: z.ZodString;
                notBefore: z.ZodString;
                notAfter: z.ZodString;
            }, z.core.$strip>>;
            layers: z.ZodArray<z.ZodObject<{
                index: z.ZodInt;
                digest: z.ZodString;
                verdict: z.ZodEnum<{
                    invalid: "invalid";
                    "not-signed": "not-signed";
                    "not-trusted": "not-trusted";
                    skipped: "skipped";
                    unchecked: "unchecked";
                    verified: "verified";
                }>;
                reason: z.ZodExactOptional<z.ZodString>;
                rootHash: z.ZodString;
                signatureDigest: z.ZodString;
                recomputedRootHash: z.ZodExactOptional<z.ZodString>;
                sharedFrom: z.ZodExactOptional<z.ZodString>;
            }, z.core.$strip>>;
            notes: z.ZodArray<z.ZodString>;
        }, z.core.$strip>>;
        skippedLayers: z.ZodArray<z.ZodObject<{
            index: z.ZodInt;
            digest: z.ZodString;
            mediaType: z.ZodString;
            reason: z.ZodString;
        }, z.core.$strip>>;
        layersLeftOut: z.ZodExactOptional<z.ZodString>;
        manifestSignature: z.ZodExactOptional<z.ZodObject<{
            verdict: z.ZodEnum<{
                invalid: "invalid";
                "not-signed": "not-signed";
                "not-trusted": "not-trusted";
                skipped: "skipped";
                unchecked: "unchecked";
                verified: "verified";
            }>;
            reason: z.ZodExactOptional<z.ZodString>;
            referrer: z.ZodExactOptional<z.ZodString>;
            byIndex: z.ZodExactOptional<z.ZodLiteral<true>>;
        }, z.core.$strip>>;
        manifestSignatures: z.ZodArray<z.ZodObject<{
            referrer: z.ZodString;
            verdict: z.ZodEnum<{
                invalid: "invalid";
                "not-signed": "not-signed";
                "not-trusted": "not-trusted";
                skipped: "skipped";
                unchecked: "unchecked";
                verified: "verified";
            }>;
            reason: z.ZodExactOptional<z.ZodString>;
            format: z.ZodExactOptional<z.ZodEnum<{
                cose: "cose";
                jws: "jws";
            }>>;
            signer: z.ZodExactOptional<z.ZodObject<{
                subject: z.ZodString;
                issuer: z.ZodString;
                fingerprint: z.ZodString;
                keyType: z.ZodString;
                notBefore: z.ZodString;
                notAfter: z.ZodString;
            }, z.core.$strip>>;
            signedAt: z.ZodExactOptional<z.ZodString>;
            authenticTime: z.ZodExactOptional<z.ZodString>;
            expiry: z.ZodExactOptional<z.ZodString>;
            agent: z.ZodExactOptional<z.ZodString>;
            metadata: z.ZodExactOptional<z.ZodRecord<z.ZodString, z.ZodString>>;
            notes: z.ZodArray<z.ZodString>;
        }, z.core.$strip>>;
    }, z.core.$strip>>;
    configurationCovered: z.ZodBoolean;
    uncovered: z.ZodArray<z.ZodObject<{
        platform: z.ZodExactOptional<z.ZodString>;
        digest: z.ZodString;
        reason: z.ZodString;
    }, z.core.$strip>>;
    skipped: z.ZodArray<z.ZodObject<{
        digest: z.ZodString;
        platform: z.ZodExactOptional<z.ZodString>;
        mediaType: z.ZodString;
        reason: z.ZodString;
    }, z.core.$strip>>;
    notes: z.ZodArray<z.ZodString>;
    seconds: z.ZodObject<{
        total: z.ZodNumber;
        resolve: z.ZodNumber;
        fetch: z.ZodNumber;
        convert: z.ZodNumber;
    }, z.core.$strip>;
}, z.core.$strip>;
