import assert from 'node:assert/strict';
import { eventually } from '../eventually.ts';
import { isReady, sharedPlatform } from './platform.ts';

describe('deleting and applying again', function () {
  this.timeout(420_000);

  const ready = async (): Promise<void> => {
    const { kubectl, name } = await sharedPlatform();
    await eventually('Ready', async () => isReady(await kubectl.get('tiktoklite', name)), 240);
  };

  it('re-creates a generated Secret that was deleted by hand, with the same data', async () => {
    const { kubectl, name, api } = await sharedPlatform();
    const account = await api.register(`before-${Date.now()}`, 'a password of mine');
    const secret = `${name}-signing-keys`;
    const before = await kubectl.get('secret', secret);
    await kubectl('delete', 'secret', secret, '--wait=false');
    const after = await eventually(
      'the Secret again',
      async () => {
        const found = await kubectl.get('secret', secret);
        return found.metadata.uid !== before.metadata.uid && !found.metadata.deletionTimestamp ? found : undefined;
      },
      90,
    );
    assert.deepEqual(after.data, before.data);
    await ready();
    assert.equal((await api.user(account)).status_code, 0);
  });

  it('takes the children away and keeps the data', async () => {
    const { kubectl, name, api, sample } = await sharedPlatform();
    const account = await api.register(`kept-${Date.now()}`, 'a password of mine');
    const videos = (await api.feed()).video_list.map(({ id }) => id);
    const claims = (await kubectl.list('persistentvolumeclaim')).map(({ metadata }) => metadata.uid);
    assert.ok(claims.length >= 3);

    await kubectl('delete', 'tiktoklite', name, '--timeout=90s');
    await eventually(
      'no child left',
      async () => {
        const children = await kubectl.list(
          'deployment,statefulset,service,job,configmap',
          '-l',
          `app.kubernetes.io/instance=${name}`,
        );
        return children.length === 0;
      },
      120,
    );
    const kept = (await kubectl.list('persistentvolumeclaim')).map(({ metadata }) => metadata.uid);
    assert.deepEqual(kept.sort(), claims.sort());
    assert.equal((await kubectl.get('secret', `${name}-signing-keys`)).metadata.finalizers ?? undefined, undefined);

    await kubectl.apply(sample);
    await ready();
    const { user, status_code } = await api.user(account);
    assert.deepEqual([status_code, user.name], [0, account.name], 'the old token and the old row are valid');
    assert.equal((await api.login(account.name, 'a password of mine')).status_code, 0);
    assert.deepEqual(new Set((await api.feed()).video_list.map(({ id }) => id)), new Set(videos));
    const [video] = (await api.feed()).video_list;
    assert.equal((await fetch(video?.play_url ?? '', { headers: { range: 'bytes=0-0' } })).status, 206);
  });
});
