import { type ImageName, images } from '../services/shared/images.ts';
import type { TiktokLite } from './api/tiktok-lite.ts';

/** What the operator's own environment says about images. */
export interface ImageDefaults {
  /** Complete references from `RELATED_IMAGE_*`. */
  related: Partial<Record<ImageName, string>>;
  /** The operator's version: the tag of our images when nothing else names one. */
  version: string;
}

/** The reference to run, verbatim: the object's registry, digests and tag win over the operator's environment, that over the built-in default. */
export function imageFor(name: ImageName, { spec }: TiktokLite, defaults: ImageDefaults): string {
  const { ours, image } = images[name];
  const preset = defaults.related[name] ?? (ours ? `${image}:${defaults.version}` : image);
  const { registry, path, version } = split(preset);
  const tagged = `${path}${wantedVersion(name, spec.images) ?? version}`;
  const from = spec.images.registry ?? registry;
  return from === undefined ? tagged : `${from}/${tagged}`;
}

/** What the object says about the version of one of our images: its digest, else the tag of all of them. */
function wantedVersion(name: ImageName, { digests, tag }: TiktokLite['spec']['images']): string | undefined {
  if (!images[name].ours) return undefined;
  const digest = name in digests ? digests[name as keyof typeof digests] : undefined;
  if (digest !== undefined) return `@${digest}`;
  return tag === undefined ? undefined : `:${tag}`;
}

/** Tag of a reference, or the start of its digest: what a person compares. */
export function versionOf(reference: string): string {
  const { version } = split(reference);
  const digest = version.indexOf('@sha256:');
  if (digest >= 0) return version.slice(digest + 1, digest + 20);
  return version.slice(1) || 'latest';
}

/** `host:5050/a/b:tag@digest` → registry `host:5050`, path `a/b`, version `:tag@digest`. */
function split(reference: string): { registry: string | undefined; path: string; version: string } {
  const slash = reference.indexOf('/');
  const first = slash < 0 ? '' : reference.slice(0, slash);
  const isHost = first === 'localhost' || /[.:]/.test(first);
  const rest = isHost ? reference.slice(slash + 1) : reference;
  const end = rest.search(/[:@]/);
  return {
    registry: isHost ? first : undefined,
    path: end < 0 ? rest : rest.slice(0, end),
    version: end < 0 ? '' : rest.slice(end),
  };
}
