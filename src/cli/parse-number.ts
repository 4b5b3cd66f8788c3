import { InvalidArgumentError } from 'commander';

type ParseNumber = (text: string) => number;

export const integerBetween =
  (min: number, max: number): ParseNumber =>
  text => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`Must be a whole number from ${min} to ${max}.`);
  };

export const integerFrom =
  (min: number): ParseNumber =>
  text => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min) return number;
    throw new InvalidArgumentError(`Must be a whole number, at least ${min}.`);
  };

export const numberBetween =
  (min: number, max: number): ParseNumber =>
  text => {
    const number = Number(text);
    if (text.trim() !== '' && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`Must be between ${min} and ${max}.`);
  };

export const numberFrom =
  (min: number): ParseNumber =>
  text => {
    const number = Number(text);
    if (text.trim() !== '' && number >= min) return number;
    throw new InvalidArgumentError(`Must be a number, at least ${min}.`);
  };

export const positiveUpTo =
  (max: number): ParseNumber =>
  text => {
    const number = Number(text);
    if (number > 0 && number <= max) return number;
    throw new InvalidArgumentError(`Must be more than 0 and at most ${max}.`);
  };
