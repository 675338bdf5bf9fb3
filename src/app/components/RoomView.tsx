/**
 * The view into the room. The worker draws it on a canvas that was handed over to it; here the pointer and the keys move
 * a camera, and its pose is sent once an animation frame.
 */
import { useEffect, useRef } from 'react';
import { PerspectiveCamera, Spherical, Vector3 } from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import type { ViewPose } from '../../lab/protocol';
import type { Lab } from '../lab-context';
import { useLab } from '../lab-context';
import { dollsHousePose } from '../pose';

/** A click that moved less than this, CSS pixels, picks; more is an orbit. */
const CLICK_SLACK = 4;
const TURN = Math.PI / 24;

export function RoomView() {
  const lab = useLab();
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => (host.current ? showView(host.current, lab) : undefined), [lab]);
  return <div ref={host} className="view" />;
}

/** Pixels drawn for one of the style sheet's: two smooth the edges on any screen, more nobody sees. */
const PIXELS = 2;

const VIEW_LABEL = 'The room in 3D. Arrow keys turn it, plus and minus zoom; click an object to inspect it.';

/** Attaches a canvas and controls to `host`; the result takes them away. */
function showView(host: HTMLElement, { store, client }: Lab): () => void {
  const canvas = document.createElement('canvas');
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', VIEW_LABEL);
  host.append(canvas);
  const pixels = () => ({
    width: Math.max(1, Math.round(host.clientWidth * PIXELS)),
    height: Math.max(1, Math.round(host.clientHeight * PIXELS)),
  });
  const offscreen = canvas.transferControlToOffscreen();
  client.post({ type: 'attach-view', canvas: offscreen, ...pixels() }, [offscreen]);

  const camera = new PerspectiveCamera();
  camera.up.set(0, 0, 1);
  const controls = new OrbitControls(camera, canvas);
  controls.enableDamping = false;
  controls.minDistance = 0.05;
  controls.maxDistance = 60;

  let frame = 0;
  const sendPose = () => {
    frame = 0;
    const { x, y, z } = camera.position;
    const { target } = controls;
    client.setPose({
      eye: [x, y, z],
      target: [target.x, target.y, target.z],
      fieldOfView: (camera.fov * Math.PI) / 180,
    });
  };
  const schedule = () => {
    if (frame === 0) frame = requestAnimationFrame(sendPose);
  };
  controls.addEventListener('change', schedule);

  const goTo = (pose: ViewPose) => {
    camera.fov = (pose.fieldOfView * 180) / Math.PI;
    camera.position.set(...pose.eye);
    controls.target.set(...pose.target);
    controls.update();
    schedule();
  };
  const goToViewpoint = () => {
    const { room, viewpoint } = store.getState();
    if (!room) return;
    const aspect = host.clientWidth / Math.max(1, host.clientHeight);
    goTo(viewpoint.kind === 'policy' ? room.framePose : dollsHousePose(room, aspect));
  };
  goToViewpoint();
  const unsubscribe = store.subscribe((state) => state.viewpoint, goToViewpoint);

  const observer = new ResizeObserver(() => client.post({ type: 'resize-view', ...pixels() }));
  observer.observe(host);

  let pressed: readonly [number, number] | null = null;
  const onDown = (event: PointerEvent) => {
    pressed = [event.clientX, event.clientY];
  };
  const onUp = (event: PointerEvent) => {
    if (!pressed || Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > CLICK_SLACK) return;
    const bounds = canvas.getBoundingClientRect();
    const { width, height } = pixels();
    client.post({
      type: 'pick',
      x: Math.min(width - 1, Math.floor(((event.clientX - bounds.left) / bounds.width) * width)),
      y: Math.min(height - 1, Math.floor(((event.clientY - bounds.top) / bounds.height) * height)),
    });
  };
  const onKey = (event: KeyboardEvent) => {
    const spherical = sphericalChange(event.key);
    if (!spherical) return;
    event.preventDefault();
    const offset = toYUp(camera.position.clone().sub(controls.target));
    const place = new Spherical().setFromVector3(offset);
    place.theta += spherical.theta;
    place.phi += spherical.phi;
    place.radius = Math.min(controls.maxDistance, Math.max(controls.minDistance, place.radius * spherical.zoom));
    place.makeSafe();
    camera.position.copy(controls.target).add(toZUp(new Vector3().setFromSpherical(place)));
    controls.update();
    schedule();
  };
  canvas.addEventListener('pointerdown', onDown);
  canvas.addEventListener('pointerup', onUp);
  canvas.addEventListener('keydown', onKey);

  return () => {
    cancelAnimationFrame(frame);
    unsubscribe();
    observer.disconnect();
    controls.dispose();
    canvas.removeEventListener('pointerdown', onDown);
    canvas.removeEventListener('pointerup', onUp);
    canvas.removeEventListener('keydown', onKey);
    canvas.remove();
  };
}

/** three's spherical coordinates have y up; the room has z up. */
const toYUp = ({ x, y, z }: Vector3) => new Vector3(x, z, -y);
const toZUp = ({ x, y, z }: Vector3) => new Vector3(x, -z, y);

function sphericalChange(key: string): { theta: number; phi: number; zoom: number } | null {
  switch (key) {
    case 'ArrowLeft':
      return { theta: -TURN, phi: 0, zoom: 1 };
    case 'ArrowRight':
      return { theta: TURN, phi: 0, zoom: 1 };
    case 'ArrowUp':
      return { theta: 0, phi: -TURN, zoom: 1 };
    case 'ArrowDown':
      return { theta: 0, phi: TURN, zoom: 1 };
    case '+':
    case '=':
      return { theta: 0, phi: 0, zoom: 1 / 1.15 };
    case '-':
      return { theta: 0, phi: 0, zoom: 1.15 };
    default:
      return null;
  }
}
