/** What `version` prints: an object, because it is about no image. */
import * as z from 'zod';
export declare const foundProgram: z.ZodObject<{
    path: z.ZodExactOptional<z.ZodString>;
    version: z.ZodExactOptional<z.ZodString>;
    problem: z.ZodExactOptional<z.ZodString>;
}, z.core.$strip>;
export declare const versionReport: z.ZodObject<{
    schemaVersion: z.ZodLiteral<1>;
    tool: z.ZodObject<{
        name: z.ZodString;
        version: z.ZodString;
    }, z.core.$strip>;
    node: z.ZodString;
    platform: z.ZodString;
    classes: z.ZodRecord<z.ZodString, z.ZodEnum<{
        A: "A";
        B: "B";
        C: "C";
    }>>;
    defaultClass: z.ZodEnum<{
        A: "A";
        B: "B";
        C: "C";
    }>;
    oras: z.ZodObject<{
        path: z.ZodExactOptional<z.ZodString>;
        version: z.ZodExactOptional<z.ZodString>;
        problem: z.ZodExactOptional<z.ZodString>;
    }, z.core.$strip>;
    mkfs: z.ZodObject<{
        path: z.ZodExactOptional<z.ZodString>;
        version: z.ZodExactOptional<z.ZodString>;
        problem: z.ZodExactOptional<z.ZodString>;
    }, z.core.$strip>;
}, z.core.$strip>;
