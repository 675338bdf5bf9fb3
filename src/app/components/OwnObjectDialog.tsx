/**
 * The dialog that brings an object of the reader's own into the rooms: a GLB file, what it is, and how large it truly is.
 * What was brought stays until it is taken out or the page is closed.
 */
import { Dialog } from '@base-ui/react/dialog';
import { Trash2, X } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { FURNITURE } from '../../scenes/furniture/registry';
import { ownObject } from '../../scenes/own-object';
import { useLab, useLabState } from '../lab-context';

export function OwnObjectDialog() {
  const { store } = useLab();
  const open = useLabState((state) => state.ownObjectOpen);
  return (
    <Dialog.Root open={open} onOpenChange={(ownObjectOpen) => store.setState({ ownObjectOpen })}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <div className="dialog-head">
            <Dialog.Title className="card-title">Own object</Dialog.Title>
            <Dialog.Close className="button button-ghost button-icon" aria-label="Close">
              <X size={16} aria-hidden />
            </Dialog.Close>
          </div>
          <Dialog.Description className="card-text">
            A GLB file becomes a piece of furniture of the true size that you give. Every room from now on gets it, if
            it has a place for it, and asks about it. The file stays in this page.
          </Dialog.Description>
          <BringForm />
          <Brought />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const AXES = [
  ['width', 'Width, m'],
  ['depth', 'Depth, m'],
  ['height', 'Height, m'],
] as const;
const NO_SIZES = { width: '', depth: '', height: '' };

function BringForm() {
  const { client } = useLab();
  const categories = useId();
  const [file, setFile] = useState<File | null>(null);
  const [category, setCategory] = useState('');
  const [sizes, setSizes] = useState(NO_SIZES);
  const [problem, setProblem] = useState('');

  const bring = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!file) return;
    try {
      const typed = AXES.filter(([axis]) => sizes[axis].trim() !== '');
      const size = Object.fromEntries(typed.map(([axis, title]) => [axis, metresOf(sizes[axis], title)]));
      const bytes = new Uint8Array(await file.arrayBuffer());
      client.bring(ownObject(file.name, bytes, category.trim().toLowerCase(), size));
      form.reset();
      setFile(null);
      setCategory('');
      setSizes(NO_SIZES);
      setProblem('');
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };

  return (
    <form className="dataset-form" onSubmit={(event) => void bring(event)}>
      <label className="field">
        <span className="field-name">GLB file</span>
        <input
          type="file"
          className="input file-input"
          accept=".glb,model/gltf-binary"
          onChange={({ target }) => setFile(target.files?.[0] ?? null)}
        />
      </label>
      <label className="field">
        <span className="field-name">Category</span>
        <input
          className="input"
          list={categories}
          autoComplete="off"
          placeholder="rocking chair"
          value={category}
          onChange={({ target }) => setCategory(target.value)}
        />
      </label>
      <datalist id={categories}>
        {FURNITURE.map(({ category: known }) => (
          <option key={known}>{known}</option>
        ))}
      </datalist>
      <div className="fields">
        {AXES.map(([axis, title]) => (
          <label key={axis} className="field">
            <span className="field-name">{title}</span>
            <input
              className="input"
              inputMode="decimal"
              autoComplete="off"
              value={sizes[axis]}
              onChange={({ target }) => setSizes({ ...sizes, [axis]: target.value })}
            />
          </label>
        ))}
      </div>
      <p className="muted">One of the three scales the object evenly; all three stretch it to fit.</p>
      {problem && (
        <p className="bad" role="alert">
          {problem}
        </p>
      )}
      <div className="dataset-foot">
        <span className="muted">Base colours are kept, textures are not.</span>
        <button type="submit" className="button button-primary" disabled={!file || category.trim() === ''}>
          Bring it
        </button>
      </div>
    </form>
  );
}

/** Throws Error naming the field of what is no length. */
function metresOf(text: string, title: string): number {
  const metres = Number(text);
  if (Number.isFinite(metres) && metres > 0) return metres;
  throw new Error(`${title}: "${text}" is no length; give metres, like 0.85`);
}

function Brought() {
  const { client } = useLab();
  const own = useLabState((state) => state.own);
  if (own.length === 0) return null;
  return (
    <ul className="brought" aria-label="Objects that were brought">
      {own.map((object, index) => {
        const { width, depth, height } = object.size;
        return (
          <li key={index}>
            <span>
              <strong>{object.category}</strong> {[width, depth, height].map((side) => side.toFixed(2)).join(' × ')} m{' '}
              <span className="muted">
                {object.name}
                {object.textured && ', its textures left out'}
              </span>
            </span>
            <button
              type="button"
              className="button button-ghost button-icon"
              aria-label={`Take the ${object.category} out`}
              onClick={() => client.takeOut(object)}
            >
              <Trash2 size={16} aria-hidden />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
