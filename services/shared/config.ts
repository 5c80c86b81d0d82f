import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { type ComponentName, isSecret, type SettingName, type SettingsOf, settings, settingsOf } from './settings.ts';

/** Names that start like one of ours belong to us: a misspelt one must not be ignored in silence. */
const ourPrefixes = [...new Set(Object.keys(settings).map((name) => name.slice(0, name.indexOf('_') + 1)))];

/** Every mistake of an environment at once, each with the name of the setting; never a secret's value. */
export class ConfigError extends Error {
  constructor(component: string, mistakes: readonly string[]) {
    super(`the settings of ${component} are wrong: ${mistakes.join('; ')}`);
    this.name = 'ConfigError';
  }
}

/** What every process reads, whichever it is. */
type CommonSettings = Pick<SettingsOf<'ffmpeg'>, 'LOG_LEVEL'>;

/** Reads the environment once, at start; the rest of the code is handed values. Throws with every mistake named. */
export function readConfig<Component extends ComponentName>(
  component: Component,
  env: NodeJS.ProcessEnv = process.env,
): SettingsOf<Component> & CommonSettings {
  const names: readonly SettingName[] = settingsOf[component];
  const mistakes = unknownNames(names, env).map((name) => `${name} is not a setting of ${component}, remove it`);
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const outcome = readSetting(name, env[name]);
    if (outcome.mistake) mistakes.push(outcome.mistake);
    values[name] = outcome.value;
  }
  if (mistakes.length > 0) throw new ConfigError(component, mistakes);
  return values as SettingsOf<Component> & CommonSettings;
}

const unknownNames = (known: readonly string[], env: NodeJS.ProcessEnv): string[] =>
  Object.keys(env).filter((name) => ourPrefixes.some((prefix) => name.startsWith(prefix)) && !known.includes(name));

function readSetting(name: SettingName, text: string | undefined): { value?: unknown; mistake?: string } {
  const schema: TSchema & { default?: unknown } = settings[name];
  if (text === undefined || text === '') {
    return schema.default === undefined
      ? { mistake: `${name} is missing${aboutOf(schema)}` }
      : { value: schema.default };
  }
  const value = isNumeric(schema) && /^-?\d+$/.test(text) ? Number(text) : text;
  if (Compile(schema).Check(value)) return { value };
  const shown = isSecret(name) ? '' : `, not ${JSON.stringify(text)}`;
  return { mistake: `${name} must be ${expectationOf(schema)}${shown}` };
}

const isNumeric = (schema: TSchema): boolean => 'type' in schema && schema.type === 'integer';

const aboutOf = (schema: TSchema): string => ('description' in schema ? ` (${schema.description})` : '');

interface Bounds {
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  anyOf?: { const: unknown }[];
}

function expectationOf(schema: TSchema): string {
  const bounds = schema as Bounds;
  if (isNumeric(schema)) return `a whole number from ${bounds.minimum} to ${bounds.maximum}${aboutOf(schema)}`;
  if (bounds.anyOf) return `one of ${bounds.anyOf.map((option) => option.const).join(', ')}`;
  return `a text of ${bounds.minLength ?? 0} to ${bounds.maxLength ?? 'any number of'} characters${aboutOf(schema)}`;
}
