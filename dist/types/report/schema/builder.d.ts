import * as z from 'zod';
export declare const tools: z.ZodObject<{
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
}, z.core.$strip>;
export declare const builder: z.ZodDiscriminatedUnion<[z.ZodObject<{
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
}, z.core.$strip>], "kind">;
