import { DecantError } from '../../errors.ts';
import { Core } from '../../runtime/core.ts';
import type { ServerOptions } from '../server-options.ts';
import { filesState, type ModelSource, modelsIn, namedModels } from './find-models.ts';
import { loadModel, type LoadOptions } from './load-model.ts';
import type { InferenceFacts } from './loaded-model.ts';
import { ServedModel } from './served-model.ts';

export type ModelEvent =
  | { readonly kind: 'step'; readonly model: ServedModel; readonly step: string }
  | { readonly kind: 'loaded' | 'removed'; readonly model: ServedModel }
  | { readonly kind: 'failed'; readonly model: ServedModel; readonly error: DecantError };

export interface RepositoryEvents {
  readonly onEvent: (event: ModelEvent) => void;
  readonly onInference: (model: ServedModel, inference: InferenceFacts) => void;
}

/** A model that is served, and the state of its files when it was loaded and when they were last looked at. */
interface Entry {
  readonly model: ServedModel;
  loadedState?: string | undefined;
  seenState?: string | undefined;
}

type Options = Pick<ServerOptions, 'models' | 'folder' | 'library' | 'model' | 'limits' | 'offline'>;

/** The models of a server, by name and version. */
export class ModelRepository {
  readonly core: Core;
  readonly #options: Options;
  readonly #events: RepositoryEvents;
  readonly #entries = new Map<string, Entry>();
  /** Models are loaded one after the other: each conversion needs memory, and the device. */
  #loading: Promise<unknown> = Promise.resolve();
  #hasLoaded = false;

  constructor(options: Options, events: RepositoryEvents) {
    this.#options = options;
    this.#events = events;
    this.core = new Core({ library: options.library });
    // The file of a model may be overwritten while it is served.
    this.core.setProperty({ ENABLE_MMAP: 'NO' });
  }

  /** All versions of all models, by name and ascending version. */
  get models(): readonly ServedModel[] {
    return [...this.#entries.values()]
      .map(({ model }) => model)
      .sort((a, b) => (a.name === b.name ? Number(a.version) - Number(b.version) : a.name < b.name ? -1 : 1));
  }

  /** Whether each model has been loaded, or has failed to. */
  get isReady(): boolean {
    return this.#hasLoaded;
  }

  /** Returns a version of a model; by default, the newest. @throws DecantError `not-found` */
  find(name: string, version?: string): ServedModel {
    const versions = this.models.filter(model => model.name === name);
    const found = version === undefined ? versions.at(-1) : versions.find(model => model.version === version);
    if (found !== undefined) return found;
    if (versions.length > 0) {
      throw new DecantError('not-found', `model '${name}' has no version '${version!}'`, {
        remedy: `Its versions are ${versions.map(model => model.version).join(', ')}.`,
      });
    }
    const names = [...new Set(this.models.map(model => model.name))];
    throw new DecantError('not-found', `there is no model '${name}'`, {
      remedy: names.length === 0 ? 'This server has no models.' : `The models are ${names.join(', ')}.`,
    });
  }

  /** The versions of a model that are served, ascending. */
  versionsOf(name: string): readonly string[] {
    return this.models.filter(model => model.name === name).map(({ version }) => version);
  }

  /** The labels of a request in metrics. Names that clients make up must not become labels. */
  labelsOf({ name = '', version = '' }: { readonly name?: string; readonly version?: string }): {
    readonly name: string;
    readonly version: string;
  } {
    const found = this.models.findLast(model => model.name === name && (version === '' || model.version === version));
    return { name: found?.name ?? '', version: found?.version ?? '' };
  }

  /** Loads all models. One that fails does not keep the others from being served. */
  async load(): Promise<void> {
    const sources = await this.#sources();
    if (sources.length === 0) {
      throw new DecantError('not-found', `there are no models in '${this.#options.folder ?? ''}'`, {
        remedy: 'Put each into a folder NAME/1/model.xml.',
      });
    }
    for (const source of sources) this.#add(source);
    await Promise.all([...this.#entries.values()].map(entry => this.#load(entry).catch(() => undefined)));
    this.#hasLoaded = true;
  }

  /** Loads what is new, reloads what has changed and does not change any more, and removes what is gone. */
  async refresh(): Promise<void> {
    const sources = await this.#sources();
    const found = new Set(sources.map(keyOf));
    for (const [key, { model }] of this.#entries) {
      if (found.has(key)) continue;
      this.#entries.delete(key);
      model.close();
      this.#events.onEvent({ kind: 'removed', model });
    }
    for (const source of sources) if (!this.#entries.has(keyOf(source))) this.#add(source);
    await Promise.all([...this.#entries.values()].map(entry => this.#refresh(entry)));
  }

  async #refresh(entry: Entry): Promise<void> {
    const state = await filesState(entry.model);
    const settled = state === entry.seenState;
    entry.seenState = state;
    // Files that are being written are not complete. Files that are gone may come back.
    if (state === undefined || !settled || state === entry.loadedState || entry.model.step !== undefined) return;
    await this.#load(entry).catch(() => undefined);
  }

  /** Compiles all versions of a model for another device. @throws DecantError those of `Core.compileModel` */
  async setDevice(name: string, device: string): Promise<void> {
    this.find(name);
    const entries = [...this.#entries.values()].filter(({ model }) => model.name === name);
    for (const entry of entries) await this.#load(entry, device);
  }

  close(): void {
    for (const { model } of this.#entries.values()) model.close();
    this.core.close();
  }

  async #sources(): Promise<readonly ModelSource[]> {
    const { models, folder } = this.#options;
    const named = namedModels(models);
    const names = new Set(named.map(({ name }) => name));
    const inFolder = folder === undefined ? [] : await modelsIn(folder);
    return [...named, ...inFolder.filter(({ name }) => !names.has(name))];
  }

  #add(source: ModelSource): void {
    const { name, version, path } = source;
    this.#entries.set(keyOf(source), {
      model: new ServedModel(name, version, path, this.#options.model.device),
    });
  }

  async #load(entry: Entry, device = entry.model.device): Promise<void> {
    const { model } = entry;
    const { onEvent, onInference } = this.#events;
    const options: LoadOptions = {
      ...this.#options,
      core: this.core,
      model: { ...this.#options.model, device },
      onInference: inference => onInference(model, inference),
    };
    const turn = this.#loading;
    const loading = model.load(async onStep => {
      await turn.catch(() => undefined);
      entry.loadedState = await filesState(model);
      entry.seenState = entry.loadedState;
      return loadModel(model.path, options, step => {
        onStep(step);
        onEvent({ kind: 'step', model, step });
      });
    });
    this.#loading = loading.catch(() => undefined);
    try {
      await loading;
      model.device = device;
      onEvent({ kind: 'loaded', model });
    } catch (thrown) {
      onEvent({ kind: 'failed', model, error: thrown as DecantError });
      throw thrown;
    }
  }
}

const keyOf = ({ name, version }: Pick<ModelSource, 'name' | 'version'>): string => `${name}/${version}`;
