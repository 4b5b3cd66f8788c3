/** Whether a text is the URL of a model on a server of the Open Inference Protocol: `http://host:8080/v2/models/NAME`. */
export const isServedModel = (text: string): boolean =>
  /^https?:\/\/[^/?#]+(?:\/[^?#]*)?\/v2\/models\/[^/?#]+(?:\/versions\/[^/?#]+)?\/?$/i.test(text);
