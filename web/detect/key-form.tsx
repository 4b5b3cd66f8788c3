import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { setKey } from '../server.ts';

/** Asks for the server's API key. */
export function KeyForm({ problem, onKey }: { readonly problem: string; readonly onKey: () => void }): JSX.Element {
  const [key, change] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    setKey(key.trim());
    onKey();
  };
  return (
    <form class="card" onSubmit={submit}>
      <p role="alert">{problem}</p>
      <div class="row">
        <label>
          API key{' '}
          <input
            type="password"
            autocomplete="current-password"
            required
            value={key}
            onInput={event => change(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary">
          Use key
        </button>
      </div>
      <p>It is kept until this tab is closed.</p>
    </form>
  );
}
