/** The report of `root-hash`. */
import * as z from 'zod';
export declare const rootHashEntry: z.ZodObject<{
    schemaVersion: z.ZodLiteral<1>;
    tool: z.ZodObject<{
        name: z.ZodString;
        version: z.ZodString;
    }, z.core.$strip>;
    source: z.ZodString;
    digest: z.ZodString;
    diffId: z.ZodString;
    mediaType: z.ZodString;
    profile: z.ZodEnum<{
        containerd: "containerd";
        "containerd-cache": "containerd-cache";
        "containerd-tar-index": "containerd-tar-index";
    }>;
    class: z.ZodExactOptional<z.ZodEnum<{
        A: "A";
        B: "B";
        C: "C";
    }>>;
    uuid: z.ZodString;
    imageSha256: z.ZodExactOptional<z.ZodString>;
    imageSize: z.ZodInt;
    rootHash: z.ZodString;
    sharedFrom: z.ZodExactOptional<z.ZodString>;
}, z.core.$strip>;
