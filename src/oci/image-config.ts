/**
 * The strict reader of image configs, with all names that containerd, docker, podman and
 * go-containerregistry know in one: a name that equals one of them but for case would be read by them.
 * [image-spec config.md; moby image/image.go, docker-image-spec; go-containerregistry pkg/v1/config.go]
 */
import * as z from 'zod';
import { digestSchema } from '../formats/digest.ts';
import {
  anything,
  bytes,
  flag,
  integer,
  nameSet,
  optionalText,
  text,
  textMap,
  texts,
  time,
} from '../formats/go-types.ts';
import { parseMetadata } from '../formats/metadata.ts';
import type { Platform } from '../model/index.ts';

export interface ImageConfig {
  platform: Platform | undefined;
  /** Digests of the uncompressed layers, lowest first. */
  diffIds: string[];
}

/** How a container of an image is started. What is absent is empty, or zero. */
export interface ContainerSettings {
  entrypoint: string[];
  command: string[];
  /** NAME=VALUE. */
  environment: string[];
  user: string;
  directory: string;
  /** That of `CMD-SHELL`. */
  shell: string[];
  /** Times in nanoseconds. */
  health: HealthSettings | undefined;
}

export interface HealthSettings {
  /** Such as `['CMD-SHELL', 'curl …']`. */
  test: string[];
  interval: number;
  timeout: number;
  startPeriod: number;
  retries: number;
}

const healthcheck = z.object({
  Test: texts,
  Interval: integer,
  Timeout: integer,
  StartPeriod: integer,
  StartInterval: integer,
  Retries: integer,
});

/** How a container of the image is started. */
const containerConfig = z.object({
  Hostname: text,
  Domainname: text,
  User: text,
  AttachStdin: flag,
  AttachStdout: flag,
  AttachStderr: flag,
  ExposedPorts: nameSet,
  Tty: flag,
  OpenStdin: flag,
  StdinOnce: flag,
  Env: texts,
  Cmd: texts,
  Healthcheck: healthcheck.nullish(),
  ArgsEscaped: flag,
  Image: text,
  Volumes: nameSet,
  WorkingDir: text,
  Entrypoint: texts,
  NetworkDisabled: flag,
  MacAddress: text,
  OnBuild: texts,
  Labels: textMap,
  StopSignal: text,
  StopTimeout: integer,
  Shell: texts,
});

const historyEntry = z.object({
  created: time,
  created_by: text,
  author: text,
  comment: text,
  empty_layer: flag,
});

const configSchema = z.object({
  os: optionalText,
  architecture: optionalText,
  variant: optionalText,
  'os.version': text,
  'os.features': texts,
  rootfs: z.object({
    type: z.literal('layers'),
    diff_ids: z.array(digestSchema).nullable(),
    base_layer: text,
  }),
  config: containerConfig.nullish(),
  history: z.array(historyEntry).nullish(),
  created: time,
  author: text,
  // Of docker's older formats.
  id: text,
  parent: text,
  comment: text,
  container: text,
  container_config: containerConfig.nullish(),
  docker_version: text,
  throwaway: flag,
  Size: integer,
  // BuildKit's inline cache.
  'moby.buildkit.cache.v0': bytes,
  'moby.buildkit.buildinfo.v1': anything,
});

/** Parses an image config. @throws VeritySignError 'image' */
export function parseConfig(content: Uint8Array): ImageConfig {
  const parsed = parseMetadata(configSchema, content, 'the image config');
  const { os, architecture, variant, 'os.features': features, rootfs } = parsed;
  const platform: Platform | undefined =
    os === undefined || architecture === undefined
      ? undefined
      : {
          os,
          architecture,
          ...(variant === undefined ? {} : { variant }),
          ...(features == null || features.length === 0 ? {} : { 'os.features': features }),
        };
  return { platform, diffIds: rootfs.diff_ids ?? [] };
}

/** How a container of an image is started, from its config. @throws VeritySignError 'image' */
export function parseContainerSettings(content: Uint8Array): ContainerSettings {
  const { config } = parseMetadata(configSchema, content, 'the image config');
  const { Test, Interval, Timeout, StartPeriod, Retries } = config?.Healthcheck ?? {};
  return {
    entrypoint: config?.Entrypoint ?? [],
    command: config?.Cmd ?? [],
    environment: config?.Env ?? [],
    user: config?.User ?? '',
    directory: config?.WorkingDir ?? '',
    shell: config?.Shell?.length ? config.Shell : ['/bin/sh', '-c'],
    health: Test?.length
      ? {
          test: Test,
          interval: Interval ?? 0,
          timeout: Timeout ?? 0,
          startPeriod: StartPeriod ?? 0,
          retries: Retries ?? 0,
        }
      : undefined,
  };
}
