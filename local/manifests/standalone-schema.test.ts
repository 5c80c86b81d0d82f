import assert from 'node:assert/strict';
import { standalone, strict } from './standalone-schema.ts';

describe('a schema of one file', () => {
  const definitions = {
    Tree: {
      properties: { children: { items: { $ref: '/all.json#/$defs/Tree' } }, leaf: { $ref: '/all.json#/$defs/Leaf' } },
    },
    Leaf: { type: 'string' },
    Unused: { type: 'number' },
  };

  it('holds what it leads to, also by way of others and of itself, and nothing else', () => {
    const schema = standalone({ properties: { spec: { $ref: '/all.json#/$defs/Tree' } } }, definitions);
    assert.deepEqual(schema, {
      properties: { spec: { $ref: '#/$defs/Tree' } },
      $defs: {
        Tree: { properties: { children: { items: { $ref: '#/$defs/Tree' } }, leaf: { $ref: '#/$defs/Leaf' } } },
        Leaf: { type: 'string' },
      },
    });
  });

  it('is not made when a definition is missing', () => {
    assert.throws(() => standalone({ $ref: '/all.json#/$defs/Bush' }, definitions), /Bush/);
  });
});

describe('a strict schema', () => {
  it('refuses unknown fields wherever fields are known, and leaves maps alone', () => {
    const map = { type: 'object', additionalProperties: { type: 'string' } };
    assert.deepEqual(strict({ properties: { labels: map, spec: { properties: {} } } }), {
      properties: { labels: map, spec: { properties: {}, additionalProperties: false } },
      additionalProperties: false,
    });
  });
});
