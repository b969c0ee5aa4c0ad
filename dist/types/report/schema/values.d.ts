/** The values that several reports have. Descriptions go into the published schemas and into docs/report.md. */
import * as z from 'zod';
/** A field that may be absent. It is never null. */
export declare function optional<T extends z.ZodType>(schema: T, description: string): z.ZodExactOptional<T>;
export declare const text: z.ZodString;
export declare const digest: z.ZodString;
/** RFC 3339, in UTC. */
export declare const time: z.ZodString;
/** SHA-256 in hex without prefix. */
export declare const sha256: z.ZodString;
export declare const count: z.ZodInt;
export declare const seconds: z.ZodNumber;
export declare const profileName: z.ZodEnum<{
    containerd: "containerd";
    "containerd-cache": "containerd-cache";
    "containerd-tar-index": "containerd-tar-index";
}>;
export declare const mkfsClass: z.ZodEnum<{
    A: "A";
    B: "B";
    C: "C";
    unknown: "unknown";
}>;
export declare const envelopeFormat: z.ZodEnum<{
    cose: "cose";
    jws: "jws";
}>;
/** The fields with which every item of every report begins. */
export declare const head: {
    schemaVersion: z.ZodLiteral<1>;
    tool: z.ZodObject<{
        name: z.ZodString;
        version: z.ZodString;
    }, z.core.$strip>;
};
export declare const manifest: z.ZodObject<{
    mediaType: z.ZodString;
    digest: z.ZodString;
    size: z.ZodInt;
}, z.core.$strip>;
export declare const platform = "such as `linux/arm64/v8`; absent if it is not known";
export declare const image: z.ZodObject<{
    reference: z.ZodString;
    name: z.ZodString;
    digest: z.ZodString;
    mediaType: z.ZodString;
}, z.core.$strip>;
export declare const error: z.ZodObject<{
    code: z.ZodEnum<{
        cancelled: "cancelled";
        environment: "environment";
        image: "image";
        internal: "internal";
        key: "key";
        registry: "registry";
        usage: "usage";
    }>;
    message: z.ZodString;
    remedy: z.ZodExactOptional<z.ZodString>;
    layer: z.ZodExactOptional<z.ZodString>;
}, z.core.$strip>;
export declare const signerFields: {
    subject: z.ZodString;
    issuer: z.ZodString;
    fingerprint: z.ZodString;
    keyType: z.ZodString;
    notBefore: z.ZodString;
    notAfter: z.ZodString;
};
export declare const signer: z.ZodObject<{
    subject: z.ZodString;
    issuer: z.ZodString;
    fingerprint: z.ZodString;
    keyType: z.ZodString;
    notBefore: z.ZodString;
    notAfter: z.ZodString;
}, z.core.$strip>;
export declare const uncovered: z.ZodObject<{
    platform: z.ZodExactOptional<z.ZodString>;
    digest: z.ZodString;
    reason: z.ZodString;
}, z.core.$strip>;
export declare const skippedEntry: z.ZodObject<{
    digest: z.ZodString;
    platform: z.ZodExactOptional<z.ZodString>;
    mediaType: z.ZodString;
    reason: z.ZodString;
}, z.core.$strip>;
export declare const skippedLayer: z.ZodObject<{
    index: z.ZodInt;
    digest: z.ZodString;
    mediaType: z.ZodString;
    reason: z.ZodString;
}, z.core.$strip>;
