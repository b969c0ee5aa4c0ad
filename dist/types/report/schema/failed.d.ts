/** The items of a report for what failed. */
import * as z from 'zod';
export declare const failedImage: z.ZodObject<{
    schemaVersion: z.ZodLiteral<1>;
    tool: z.ZodObject<{
        name: z.ZodString;
        version: z.ZodString;
    }, z.core.$strip>;
    image: z.ZodExactOptional<z.ZodObject<{
        reference: z.ZodString;
    }, z.core.$strip>>;
    error: z.ZodObject<{
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
}, z.core.$strip>;
export declare const failedSource: z.ZodObject<{
    schemaVersion: z.ZodLiteral<1>;
    tool: z.ZodObject<{
        name: z.ZodString;
        version: z.ZodString;
    }, z.core.$strip>;
    source: z.ZodExactOptional<z.ZodString>;
    error: z.ZodObject<{
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
}, z.core.$strip>;
